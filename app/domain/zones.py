"""The zones that people may choose: where Morocco's officials and their partners work, by the names of their cities."""

from app.domain.messages import N_

ZONES = {
    "Africa/Casablanca": N_("Morocco (Rabat, Casablanca)"),
    "Africa/Algiers": N_("Algiers"),
    "Africa/Tunis": N_("Tunis"),
    "Africa/Cairo": N_("Cairo"),
    "Africa/Dakar": N_("Dakar"),
    "Africa/Abidjan": N_("Abidjan"),
    "Africa/Lagos": N_("Lagos, Libreville"),
    "Africa/Nairobi": N_("Nairobi, Addis Ababa"),
    "Africa/Johannesburg": N_("Johannesburg"),
    "Europe/London": N_("London"),
    "Europe/Lisbon": N_("Lisbon"),
    "Europe/Madrid": N_("Madrid"),
    "Europe/Paris": N_("Paris"),
    "Europe/Brussels": N_("Brussels"),
    "Europe/Berlin": N_("Berlin"),
    "Europe/Rome": N_("Rome"),
    "Europe/Zurich": N_("Geneva"),
    "Europe/Istanbul": N_("Istanbul"),
    "Europe/Moscow": N_("Moscow"),
    "Asia/Riyadh": N_("Riyadh, Doha"),
    "Asia/Dubai": N_("Abu Dhabi, Dubai"),
    "Asia/Kolkata": N_("New Delhi"),
    "Asia/Shanghai": N_("Beijing"),
    "Asia/Tokyo": N_("Tokyo"),
    "America/Toronto": N_("Montreal"),
    "America/New_York": N_("New York, Washington"),
    "America/Sao_Paulo": N_("Brasília"),
}
