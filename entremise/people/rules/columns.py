import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from entremise.kernel.refused import Refused
from entremise.kernel.words import fold, stem

# kind → field → names of the column, the one to show first; among several columns the earlier name wins.
SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "people": {
        "number": "numéro | n° dossier | n° adhérent | n° personne | référence | réf | code | identifiant | id | "
        "matricule | external id | reference",
        "full_name": "nom prénom | prénom nom | nom complet | nom et prénom | prénom et nom | nom usuel | identité | "
        "personne | full name | name and surname",
        "family_name": "nom | nom de famille | nom d'usage | nom marital | patronyme | last name | surname | "
        "family name | name | lastname",
        "given_name": "prénom | prénom usuel | first name | given name | forename | firstname",
        "birth_name": "nom de naissance | nom de jeune fille | nom naissance | maiden name | birth name",
        "title": "civilité | titre | civ | title",
        "company": "raison sociale | société | entreprise | organisme | structure | établissement | company | "
        "organisation",
        "phone": "téléphone | téléphone portable | téléphone mobile | portable | mobile | gsm | tél | tél portable | "
        "tél mobile | tél port | tph | n° téléphone | n° tél | n° portable | n° mobile | téléphone fixe | tél fixe | "
        "fixe | n° fixe | domicile | téléphone domicile | tél domicile | autre téléphone | autre tél | "
        "téléphone bureau | phone | phone number | mobile phone | cell | cell phone | home phone | landline",
        "email": "mail | e-mail | email | courriel | adresse mail | adresse e-mail | adresse email | "
        "adresse électronique | mèl | email address",
        "address": "adresse | adresse postale | adresse complète | rue | n° et rue | voie | n° voie | "
        "adresse domicile | lieu-dit | complément adresse | complément d'adresse | bâtiment | address | street | "
        "address line",
        "postcode": "code postal | cp | c.p. | postal code | postcode | zip | zip code",
        "town": "ville | commune | localité | cp ville | city | town",
        "birth_date": "date de naissance | né le | née le | né(e) le | naissance | date naiss | ddn | d. naissance | "
        "birth date | date of birth | dob | birthday",
        "birth_place": "lieu de naissance | commune de naissance | ville de naissance | né(e) à | birth place | "
        "place of birth",
        "nationality": "nationalité | nationality",
        "role": "rôle | type | type de personne | profil | catégorie | role | kind",
        "nir": "n° sécu | sécu | n° de sécurité sociale | sécurité sociale | nir | n° ss | n° insee | n° s.s. | "
        "social security number | ssn",
        "iban": "iban | rib | compte bancaire | coordonnées bancaires | n° iban | bank account",
        "remark": "remarque | observation | commentaire | note | info | information | divers | remark | comment",
        "hours_wanted": "heures souhaitées | heures voulues | nombre d'heures souhaitées | h souhaitées | "
        "heures par semaine souhaitées | volume horaire souhaité | hours wanted | wanted hours",
        "skills": "compétences | savoir-faire | activités | métiers | domaines | tâches | qualifications | skills",
        "pass_number": "n° pass iae | pass iae | numéro pass iae | n° agrément | agrément | n° pass | pass",
        "pass_start": "début pass iae | date début pass iae | date de début du pass | début agrément | "
        "date agrément | pass iae du | pass iae début | début pass",
        "pass_end": "fin pass iae | date fin pass iae | date de fin du pass | fin agrément | pass iae au | "
        "pass iae fin | fin pass | expiration pass | validité pass iae | date fin agrément",
        "prefers_call": "préfère l'appel | préfère un appel | préfère être appelé | appel préféré | pas de sms | "
        "appeler | prefers call | prefers calls",
        "travel": "moyen de locomotion | locomotion | mobilité | moyen de transport | transport | véhicule | "
        "means of travel | travel",
    },
    "requests": {
        "number": "numéro | n° demande | n° mission | n° commande | n° dossier | référence | réf | id | identifiant | "
        "request number | reference",
        "client_number": "n° client | référence client | réf client | code client | id client | client number",
        "client": "client | nom client | nom du client | nom prénom client | nom et prénom du client | nom prénom | "
        "nom et prénom | prénom nom | demandeur | bénéficiaire | donneur d'ordre | utilisateur | particulier | nom | "
        "client name | customer",
        "client_given_name": "prénom client | prénom | prénom du demandeur | client first name | first name",
        "phone": "téléphone | téléphone client | tél client | tél | portable | mobile | n° téléphone | fixe | "
        "portable client | phone | client phone | phone number",
        "what": "activité | quoi | tâche | prestation | travail | travaux | nature | nature des travaux | service | "
        "objet | mission | type de mission | demande | intitulé | besoin | métier | activity | what | job | task | "
        "work",
        "day": "date | date de la mission | quand | jour | date mission | date souhaitée | date intervention | "
        "date d'intervention | date début | date de début | when | day | start date",
        "start": "heure | heure de début | heure début | horaire | début | à partir de | heure arrivée | time | "
        "start time | start",
        "end": "heure de fin | heure fin | fin | end time | end",
        "minutes": "durée | nombre d'heures | nb heures | nbre heures | heures | durée prévue | durée heures | temps | "
        "heures prévues | h | duration | hours",
        "address": "lieu | adresse | adresse du chantier | adresse de la mission | adresse mission | adresse client | "
        "adresse intervention | lieu de la mission | lieu d'intervention | chantier | place | address | where | où",
        "postcode": "code postal | cp | code postal client | postcode | postal code",
        "town": "ville | commune | localité | ville client | commune client | town | city",
        "worker": "salarié | nom du salarié | nom salarié | nom prénom salarié | intervenant | employé | "
        "travailleur | personne | salarié proposé | qui | worker | employee",
        "worker_number": "n° salarié | matricule | matricule salarié | code salarié | worker number",
        "frequency": "fréquence | périodicité | récurrence | rythme | régularité | répétition | frequency | "
        "recurrence | repeat",
        "remark": "remarque | observation | commentaire | note | consigne | précision | détail | description | info | "
        "remark | comment",
    },
    "hours": {
        "number": "numéro | n° relevé | n° bordereau | n° ligne | référence | réf | id | identifiant | reference",
        "day": "date | jour | date mission | date de la mission | date travail | date intervention | le | day",
        "worker": "salarié | nom du salarié | nom salarié | nom prénom salarié | nom et prénom du salarié | "
        "intervenant | employé | travailleur | nom prénom | nom et prénom | nom | worker | employee | worker name",
        "worker_given_name": "prénom salarié | prénom du salarié | prénom | worker first name",
        "worker_number": "n° salarié | matricule | matricule salarié | code salarié | worker number",
        "client": "client | nom client | nom du client | nom prénom client | utilisateur | bénéficiaire | "
        "donneur d'ordre | chez | customer | client name",
        "client_number": "n° client | référence client | code client | client number",
        "request": "n° mission | n° demande | mission | demande | n° contrat | contrat | n° commande | job number | "
        "request number | job",
        "what": "activité | tâche | prestation | travail | nature | activity | task",
        "minutes": "heures | durée | nombre d'heures | nb heures | nbre heures | nb h | nbre h | h | total heures | "
        "heures effectuées | heures réalisées | heures travaillées | temps | temps passé | quantité | hours | "
        "duration | hours worked",
        "start": "début | heure de début | heure début | de | arrivée | heure arrivée | start | start time",
        "end": "fin | heure de fin | heure fin | à | départ | heure départ | end | end time",
        "pause": "pause | coupure | break",
        "validated_by": "validé par | validé | signé par | confirmé par | validation | validated by | confirmed by",
        "remark": "remarque | observation | commentaire | note | remark | comment",
    },
    "places": {
        "code": "code insee | code commune insee | code commune (insee) | insee | insee com | code officiel | "
        "code officiel géographique | cog | codgeo | com | code | code commune",
        "name": "nom | nom commune complet | nom standard | nom de la commune | nom commune | commune | libellé | "
        "nom commune postal | nccenr | libelle acheminement | libgeo | ville | name | town",
        "postcode": "code postal | codes postaux | code postaux | cp | postcode | postal code",
        "latitude": "latitude | lat | latitude centre | latitude mairie | y wgs84",
        "longitude": "longitude | lon | lng | long | longitude centre | longitude mairie | x wgs84",
        "point": "coordonnées gps | coordonnées géographiques | geo point 2d | geopoint | coordonnées | centre | point",
    },
}

# kind → what a file must have: each need is met by any one of its sets of fields.
NEEDS: Mapping[str, tuple[tuple[frozenset[str], ...], ...]] = {
    "people": ((frozenset({"full_name"}), frozenset({"family_name"}), frozenset({"company"})),),
    "requests": (
        (frozenset({"client"}), frozenset({"client_number"}), frozenset({"phone"})),
        (frozenset({"what"}),),
        (frozenset({"day"}), frozenset({"frequency"})),
    ),
    "hours": (
        (frozenset({"worker"}), frozenset({"worker_number"}), frozenset({"request"})),
        (frozenset({"day"}),),
        (frozenset({"minutes"}), frozenset({"start", "end"})),
    ),
    "places": ((frozenset({"code"}),), (frozenset({"name"}),)),
}

_SMALL_WORDS = "d de du des la le les l un une et ou the of and"
_SMALL = frozenset(_SMALL_WORDS.split())
_NOISE_WORDS = "client cliente salarie beneficiaire usager contact obligatoire facultatif personnel perso"
_NOISE = frozenset(_NOISE_WORDS.split())


@dataclass(frozen=True)
class ColumnMap:
    """Which column says what.

    found: field → indexes of its columns, best first. unknown: headers that nothing will read. missing: one field
    for each need that no column meets. family_first: the order that the header of a merged name announces.
    """

    kind: str
    headers: tuple[str, ...]
    found: Mapping[str, tuple[int, ...]]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    family_first: bool | None = None

    def values(self, cells: Sequence[str], field: str) -> tuple[str, ...]:
        """What the columns of `field` hold on this line, best first, blanks left out."""
        return tuple(cells[index] for index in self.found.get(field, ()) if cells[index])

    def value(self, cells: Sequence[str], field: str) -> str:
        """The first text of `field` on this line, or ""."""
        return next(iter(self.values(cells, field)), "")

    def check(self, cells: Sequence[str]) -> None:
        """Raises Refused("line_too_long") when a separator too many has shifted the cells of a CSV line."""
        if len(cells) > len(self.headers):
            raise Refused("line_too_long", {"cells": len(cells), "columns": len(self.headers)})


def map_columns(kind: str, headers: Sequence[str]) -> ColumnMap:
    """Read `headers` as columns of `kind`: "people", "requests", "hours" or "places"."""
    names = _names(kind)
    ranked: dict[str, list[tuple[int, int]]] = {}
    unknown = []
    for index, header in enumerate(headers):
        if hit := _find(names, header):
            ranked.setdefault(hit[0], []).append((hit[1], index))
        elif header:
            unknown.append(header)
    found = {field: tuple(index for _, index in sorted(hits)) for field, hits in ranked.items()}
    if kind == "people" and "family_name" in found and not found.keys() & {"given_name", "full_name"}:
        found["full_name"] = found.pop("family_name")  # A lone « Nom » holds the whole name.
    missing = tuple(
        _first_field(kind, need) for need in NEEDS[kind] if not any(fields <= found.keys() for fields in need)
    )
    merged = {"requests": "client", "hours": "worker"}.get(kind, "full_name")
    order = _order(headers[found[merged][0]]) if merged in found else None
    return ColumnMap(kind, tuple(headers), found, tuple(unknown), missing, order)


def knows(kind: str) -> Callable[[str], bool]:
    """Whether a cell is a column name of `kind`: tells a header from a title line."""
    names = _names(kind)
    return lambda cell: len(cell) < 60 and _find(names, cell) is not None


def shown(kind: str, field: str) -> str:
    """The French name of a field, as a column is best called."""
    return SYNONYMS[kind][field].split(" | ")[0]


def _first_field(kind: str, need: Sequence[frozenset[str]]) -> str:
    return next(field for field in SYNONYMS[kind] if field in need[0])


def _order(header: str) -> bool | None:
    words = _words(header)
    if "nom" in words and "prenom" in words:
        return words.index("nom") < words.index("prenom")
    return None


def _words(header: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    # « numéro », « num. », « nº » and « n° » are one word.
    numbered = ["n" if word in ("numero", "num", "no", "nr", "number") else word for word in fold(spaced).split()]
    kept = [word for word in numbered if word not in _SMALL]
    # « Heure » is a moment and « heures » a duration: the one plural that says something.
    return [word if word == "heures" else stem(word) for word in kept or numbered]


@cache
def _names(kind: str) -> Mapping[str, tuple[str, int]]:
    """Normal form of every synonym → (field, rank)."""
    names: dict[str, tuple[str, int]] = {}
    for field, synonyms in SYNONYMS[kind].items():
        for rank, synonym in enumerate(synonyms.split(" | ")):
            names.setdefault(" ".join(_words(synonym)), (field, rank))
    return names


def _find(names: Mapping[str, tuple[str, int]], header: str) -> tuple[str, int] | None:
    """The field of a header: as it stands, then without brackets, its number, and words that add nothing."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header)
    for words in (_words(header), _words(bare)):
        unnumbered = [word for word in words if not word.isdigit()]
        quiet = [word for word in unnumbered if word not in _NOISE]
        for attempt in (words, unnumbered, quiet):
            if hit := names.get(" ".join(attempt)):
                return hit
    return None
