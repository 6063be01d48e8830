"""The columns that a file can have."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from portal.core import i18n
from portal.core.i18n import N_


class ImportKind(StrEnum):
    EXTENSIONS = auto()
    GROUPS = auto()
    NUMBERS = auto()


@dataclass(frozen=True)
class Field:
    """`label` as it stands above the column; `others`: what else it is called out there. `many`: its cells are lists."""

    name: str
    label: str
    others: tuple[str, ...] = ()
    required: bool = False
    many: bool = False


_EXTENSION = Field(
    "extension",
    N_("Extension"),
    ("Ext", "Ext.", "Extension number", "Short number", "Nebenstelle", "Durchwahl", "Nst", "Dahili", "Poste", "Extensión"),
    required=True,
)
_NAME_WORDS = ("Display name", "Full name", "Anzeigename", "Bezeichnung", "Nom", "Nombre", "İsim")
_NUMBERS = Field(
    "numbers",
    N_("Further numbers"),
    ("Numbers", "Alias", "Aliases", "Alias numbers", "DID", "DIDs", "Rufnummern", "Weitere Nummern", "Zusatznummern"),
    many=True,
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    ImportKind.EXTENSIONS: (
        _EXTENSION,
        Field("display_name", N_("Name"), (*_NAME_WORDS, "Person", "User", "Benutzer")),
        Field(
            "email", N_("E-mail"), ("Mail", "Mail address", "E-mail address", "E-Mail-Adresse", "Courriel", "Correo", "E-posta")
        ),
        Field("username", N_("SIP user name"), ("SIP user", "SIP name", "User name", "SIP-Benutzername", "Username", "Login")),
        Field("web_username", N_("Web user name"), ("Web user", "Web login", "Portal user", "Web-Benutzername")),
        Field("language", N_("Language"), ("Lang", "Sprache", "Dil", "Langue", "Idioma")),
        Field(
            "outgoing", N_("Called people see"), ("Outgoing number", "Caller ID", "CLI", "Absenderrufnummer", "Abgehende Nummer")
        ),
        Field("do_not_disturb", N_("Do not disturb"), ("DND", "Nicht stören", "Ruhe")),
        Field("music_on_hold", N_("Music on hold"), ("MOH", "Hold music", "Wartemusik")),
        _NUMBERS,
        Field("groups", N_("Groups"), ("Group", "PBX groups", "Gruppen", "Gruppe", "Groupes", "Grupos"), many=True),
        Field("profile", N_("Profile"), ("Subscriber profile", "Profil", "Perfil")),
    ),
    ImportKind.GROUPS: (
        _EXTENSION,
        Field("display_name", N_("Name"), (*_NAME_WORDS, "Group", "Gruppe", "Group name", "Gruppenname")),
        Field("policy", N_("Ringing policy"), ("Policy", "Hunt policy", "Ring strategy", "Strategy", "Rufverteilung")),
        Field("ring_seconds", N_("Seconds of ringing"), ("Ring time", "Ring seconds", "Timeout", "Hunt timeout", "Klingeldauer")),
        Field("cancel_mode", N_("When the call ends before an answer"), ("Cancel mode", "Hunt cancel mode")),
        Field("ignore_forwards", N_("Members’ own forwarding is ignored"), ("Ignore forwarding", "Skip forwarding")),
        Field("members", N_("Members"), ("Member", "Extensions", "Mitglieder", "Membres", "Miembros"), many=True),
        _NUMBERS,
    ),
    ImportKind.NUMBERS: (
        Field(
            "number",
            N_("Number"),
            ("DID", "Phone number", "Telephone number", "Rufnummer", "Telefonnummer", "Nummer"),
            required=True,
        ),
        Field(
            "owner",
            N_("Given to"),
            ("Extension", "Ext", "Owner", "Assigned to", "Nebenstelle", "Durchwahl", "Zugewiesen an"),
            required=True,
        ),
    ),
}


def field_of(kind: str, name: str) -> Field:
    return next(field for field in FIELDS[kind] if field.name == name)


def label_of(kind: str, name: str) -> str:
    """In the reader’s language."""
    return i18n.gettext(field_of(kind, name).label)
