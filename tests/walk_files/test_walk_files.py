"""What a newcomer opens is counted along the whole way: from the door to the result, without what every page runs."""

import pytest

from tests.walk_files.counted import count

pytestmark = pytest.mark.slow


def test_each_walk_is_followed_from_its_door_to_its_result() -> None:
    entered = count()
    floor = entered.pop("floor")
    assert {"app/routes.py", "app/web/forms.py", "templates/base.html"} <= set(floor)
    own = {name: [file for file in files if file not in floor] for name, files in entered.items()}
    assert {name: files[0] for name, files in own.items()} == {
        "note": "app/web/links/update.py",
        "reminder": "app/jobs/table.py",
        "report": "app/web/workspace/intake/reports.py",
    }
    assert "templates/public/action.html" in own["note"]
    assert "app/mail/transport.py" in own["reminder"]
    assert "templates/public/recommendation.html" in own["report"]
