"""What was recommended where: meetings and the recommendations that came of them."""
