"""Who plays: invented people, whose addresses lead nowhere."""

from dataclasses import dataclass

from app.domain.permissions import Role


@dataclass(frozen=True)
class Member:
    key: str
    name: str
    locale: str
    part: str  # what they show, for who starts the demonstration
    roles: tuple[Role, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@demo.invalid"


OUTSIDER = "omar"
CAST: tuple[Member, ...] = (
    Member("amina", "أمينة برادة", "ar", "secretariat of the programme", (Role.SECRETARIAT,)),
    Member("karim", "كريم التازي", "ar", "owner: follow-up officer of the regional investment centre"),
    Member("salma", "Salma Idrissi", "fr", "owner: export certificates at the chamber of commerce"),
    Member("leila", "ليلى العمراني", "ar", "manager of the regional investment centre"),
    Member("nadia", "Nadia Filali", "fr", "verifier", (Role.VERIFIER,)),
    Member("youssef", "يوسف الشرايبي", "ar", "observer", (Role.OBSERVER,)),
    Member("hamid", "حميد الوزاني", "ar", "owner at the crafts chamber"),
    Member("imane", "إيمان بنجلون", "ar", "owner at the department of foreign trade"),
    Member("rachid", "Rachid Ouali", "fr", "owner at the customs administration"),
    Member("khadija", "خديجة أوبها", "ar", "owner at the regional council of Souss-Massa"),
    Member("driss", "إدريس المنصوري", "ar", "owner at the chamber of commerce of the Oriental"),
    Member("meryem", "Meryem Lahlou", "fr", "owner at the standards institute"),
    Member("anas", "أنس بنيحيى", "ar", "owner at the export promotion agency"),
    Member("fouad", "Fouad Zniber", "fr", "owner at the food safety office"),
    Member("hind", "هند اليعقوبي", "ar", "owner at the faculty of economics in Oujda"),
    Member("zineb", "زينب أيت بلا", "ar", "owner at the port of Agadir"),
    Member("sara", "Sara Bennis", "en", "administrator", (Role.ADMINISTRATOR,)),
    Member("omar", "عمر السعيدي", "ar", "outsider: secretariat of another programme"),
)
