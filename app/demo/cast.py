"""Who plays: invented people, whose addresses lead nowhere."""

from dataclasses import dataclass

from app.domain.permissions import Role


@dataclass(frozen=True)
class CastMember:
    key: str
    name: str
    locale: str
    part: str  # what they show, for who starts the demonstration
    roles: tuple[Role, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@demo.invalid"


OUTSIDER = "omar"
CAST: tuple[CastMember, ...] = (
    CastMember("amina", "أمينة برادة", "ar", "secretariat of the programme", (Role.SECRETARIAT,)),
    CastMember("karim", "كريم التازي", "ar", "owner: follow-up officer of the regional investment centre"),
    CastMember("salma", "Salma Idrissi", "fr", "owner: export certificates at the chamber of commerce"),
    CastMember("leila", "ليلى العمراني", "ar", "manager of the regional investment centre"),
    CastMember("nadia", "Nadia Filali", "fr", "verifier", (Role.VERIFIER,)),
    CastMember("youssef", "يوسف الشرايبي", "ar", "observer", (Role.OBSERVER,)),
    CastMember("hamid", "حميد الوزاني", "ar", "owner at the crafts chamber"),
    CastMember("imane", "إيمان بنجلون", "ar", "owner at the department of foreign trade"),
    CastMember("rachid", "Rachid Ouali", "fr", "owner at the customs administration"),
    CastMember("khadija", "خديجة أوبها", "ar", "owner at the regional council of Souss-Massa"),
    CastMember("driss", "إدريس المنصوري", "ar", "owner at the chamber of commerce of the Oriental"),
    CastMember("meryem", "Meryem Lahlou", "fr", "owner at the standards institute"),
    CastMember("anas", "أنس بنيحيى", "ar", "owner at the export promotion agency"),
    CastMember("fouad", "Fouad Zniber", "fr", "owner at the food safety office"),
    CastMember("hind", "هند اليعقوبي", "ar", "owner at the faculty of economics in Oujda"),
    CastMember("zineb", "زينب أيت بلا", "ar", "owner at the port of Agadir"),
    CastMember("lahcen", "لحسن أيت باها", "ar", "owner at a partner: the union of argan cooperatives"),
    CastMember("sara", "Sara Bennis", "en", "administrator", (Role.ADMINISTRATOR,)),
    CastMember("omar", "عمر السعيدي", "ar", "outsider: secretariat of another programme"),
)
