import re
from dataclasses import dataclass
from itertools import pairwise

from entremise.kernel.refused import Refused
from entremise.kernel.words import fold

# Frequent given names of people living in France, all generations and origins: they only help to order a merged name.
_GIVEN_WORDS = """
    abdallah abdel abdelkader abdellah abdoulaye adama adele adeline adrien agathe agnes ahmed aicha aissata
    aissatou alain albert alex alexandra alexandre alexis alice aline alpha amadou amandine amelie amina aminata
    amine amir anais anastasia andre andrea andree andrei angelique anita anna anne annette annick annie anthony
    antoine antoinette antonio ariane arlette armand arnaud arthur assia astou aurelie aurelien awa axel aya ayoub
    aziz bakary baptiste barbara beatrice benedicte benjamin benoit bernadette bernard bertrand bilal binta boris
    boubacar brahim brigitte bruno camille carine carlos carmen carole caroline catherine cecile cedric celestine
    celia celine chantal charles charlotte cheikh chloe christelle christian christiane christine christophe
    claire clara claude claudette claudine clement clementine colette coralie corinne cyril cyrille dalila damien
    daniel daniele danielle danny david deborah delphine denis denise diane didier djamel djamila dominique
    dorothee driss edith edouard elena elhadj eliane elisabeth elise elodie eloise elsa emile emilie emma emmanuel
    emmanuelle enzo eric erika estelle esther etienne eugenie eva evelyne fabien fabienne fabrice fadila fanny
    fanta farid farida fatiha fatima fatma fatou fatoumata felix ferdinand fernand fernande fernando flora
    florence florent florian france francine francis franck francois francoise frank frederic frederique gabriel
    gabrielle gael gaelle gaston genevieve georges georgette gerald geraldine gerard germaine ghislaine gilbert
    gilberte gilles ginette gisele gregoire gregory guillaume gustave guy gwenaelle habib hadja halima hamid hamza
    hanane hassan hassiba helena helene henri henriette hicham hubert hugo huguette ibrahim ibrahima idrissa ines
    ingrid irene irina isabelle ismael issa ivan jacqueline jacques jamila janine jean jeanne jeannine jennifer
    jeremy jerome jessica joao joel joelle johan jonathan jordan jorge jose joseph josephine josette josiane
    judith jules julia julie julien juliette justine kader kadiatou kadidiatou karim karima karine katia kevin
    khadidja khadija khaled khalid kim laetitia laila lamine lara laura laure laurence laurent lea leila leo leon
    leonie leslie liliane lina linda lionel lisa loic lola louis louise luc lucas lucette lucie lucien lucienne
    ludivine ludovic luis lydia lydiane lydie madeleine mael maeva magali maimouna malik malika mamadou manon
    manuel manuela marc marcel marcelle margaux marguerite maria mariam mariama marianne marie mariette marina
    marine mario marion marius marlene marthe martial martin martine mathias mathieu mathilde matthieu maud
    maurice mauricette max maxime medhi mehdi melanie melissa meriem michael michel michele micheline mickael
    mimoun mina mireille miriam modou mohamed mohammed monique morgane mouhamadou mourad moussa muriel mustapha
    mylene myriam nabil nacer nadege nadia nadine nadjet naima najat nassim nassira natacha nathalie nathan nelly
    nicolas nicole noel noelle noemie nora norbert nordine oceane odette odile oleksandr olena olga olivia olivier
    omar ophelie oumar oumou ousmane pablo pascal pascale patrice patricia patrick paul paule paulette pauline
    pedro perrine philippe pierre pierrette quentin rachel rachid rachida rania raoul raphael rayan raymond
    raymonde rebecca regine regis remi remy rene renee richard rita robert roberto roger roland rolande romain
    romane rosa rose roseline roxane ruth sabine sabrina saida salah salif salim salima salimata salome samia
    samir samira samuel sandra sandrine sara sarah sebastien sekou serge sergio severine sidonie simon simone
    sofia sofiane solange solene sonia sophie soraya souad souleymane stephane stephanie suzanne svetlana sylvain
    sylvaine sylvette sylvia sylviane sylvie tatiana thai therese thibault thibaut thierry thomas tiphaine tony
    ursula valentin valentine valerie vanessa vera veronique victor victoria vincent violette virginie viviane
    vladimir wassim wilfried william xavier yacine yael yamina yann yannick yasmina yasmine youcef youssef
    youssouf yves yvette yvon yvonne zahra zakaria zineb zoe zohra zoubida
"""
GIVEN = frozenset(_GIVEN_WORDS.split())
_BOTH_WORDS = """
    albert alexandre alexis andre antoine arnaud benoit bernard bertrand brahim charles clement david denis etienne
    felix francois gabriel georges gerard gilbert gregoire guillaume jacques jean jules julien laurent leon louis
    lucas marc marie martial martin mathieu maurice michel nicolas olivier pascal paul pierre raymond remy rene richard
    robert roger roland salah simon thomas victor vincent
"""
BOTH = frozenset(_BOTH_WORDS.split())  # As often a family name: « Martin Odile » is Odile, « Thomas Laurent » a guess.

_TITLES = {
    "m": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "madame": "Mme", "mlle": "Mme", "mademoiselle": "Mme",
    "dr": "Dr", "docteur": "Dr", "mrs": "Mme", "ms": "Mme", "miss": "Mme", "mister": "M.",
}  # fmt: skip
_COMPANY = re.compile(
    r"\b(sarl|eurl|sasu?|sci|scop|scic|s a r l|association|assoc|mairie|commune de|ehpad|ccas|residence|syndic|"
    r"syndicat|copropriete|cabinet|societe|ets|etablissements?|entreprise|garage|boulangerie|ecole|college|lycee|"
    r"hotel|restaurant|pharmacie|clinique|hopital|paroisse|centre social|communaute de communes|ltd|limited|gmbh)\b"
)
_COUPLE = re.compile(
    r"(?:(?:mr?|monsieur)\.? ?(?:et |- ?)?(?:mme|madame)|(?:mme|madame)\.? ?(?:et |- ?)?(?:mr?|monsieur)"
    r"|famille|[ée]poux)(?:\. ?| )(?=\S)",
    re.IGNORECASE,
)
_PARTICLES_WORDS = "de du des d la le les van von der den ter ten da di dos das del della el al ben bin ait"
_PARTICLES = frozenset(_PARTICLES_WORDS.split())
_NOBLE_WORDS = "de du des d van von der den da di dos das del della"
_NOBLE = frozenset(_NOBLE_WORDS.split())
_LOWER = _NOBLE - {"di", "da"} | {"et"}
_SAINTS = frozenset({"saint", "sainte", "st", "ste"})


@dataclass(frozen=True)
class Name:
    """A name cut into its parts.

    sure: False when the order of the words was guessed and somebody should look. household: several people under one
    name. company: not a person; `family` is the whole name. birth: name before marriage. note: text in brackets.
    """

    family: str
    given: str = ""
    title: str = ""
    sure: bool = True
    household: bool = False
    company: bool = False
    birth: str = ""
    note: str = ""


def split_name(typed: str, *, family_first: bool | None = None, where: str = "name") -> Name:
    """The parts of a merged name: « MARSAN Odile », « Odile Marsan », « Mme de la Tour Jeanne », « M. et Mme Roux ».

    Capitals mark the family name; else particles and common given names tell the order; else `family_first`, what
    the header of the column announces. Raises Refused("name_not_understood").
    """
    note = " ".join(part.strip() for part in re.findall(r"\(([^)]*)\)", typed))
    bare = " ".join(re.sub(r"\([^)]*\)", " ", typed).split())
    if not any(char.isalpha() for char in bare) or fold(bare) in _TITLES:
        raise Refused("name_not_understood", {"typed": typed}, where=where)
    if _COMPANY.search(fold(bare)):
        return Name(bare, company=True, note=note)
    text = re.sub(r"^(m|mr|mme|mlle|dr)\.(?=\w\w)", r"\1. ", bare.replace("’", "'"), flags=re.IGNORECASE)
    text = " ".join(re.sub(r"[&+/]", " et ", text).split())
    title, text, household = _titled(text)
    text, birth = _born(text)
    if not text.strip(" ,"):
        raise Refused("name_not_understood", {"typed": typed}, where=where)
    digits = any(char.isdigit() for char in text)
    before, comma, after = (part.strip() for part in text.partition(","))
    if comma and before and after:
        family, given, sure = before, after, "," not in after
    else:
        family, given, sure = _ordered(_units(text.replace(",", " ")), family_first, titled=bool(title))
    if household and (not family or any(fold(word) in _TITLES for word in given.split())):
        family, given = text, ""
    return Name(
        cased(family), cased(given), title, sure and not digits and not household, household, False, cased(birth), note
    )


def title_of(typed: str) -> str:
    """« Mme », « M. » or « Dr » from a column of titles; "" when it says something else."""
    folded = fold(typed)
    return _TITLES.get(folded, {"f": "Mme", "h": "M.", "femme": "Mme", "homme": "M."}.get(folded, ""))


def cased(typed: str) -> str:
    """A name in its usual capitals: « DE LA TOUR » and « de la tour » become « de la Tour »; mixed case is kept."""
    words = typed.split()
    shown: list[str] = []
    for word in words:
        low = fold(word)
        if (low in _LOWER and len(words) > 1) or (low in ("la", "les") and shown and shown[-1] == "de"):
            shown.append(word.lower())
        else:
            shown.append(_cased_word(word))
    return " ".join(shown)


def _cased_word(word: str) -> str:
    if not (word.isupper() or word.islower()):
        return word
    parts = [part.capitalize() for part in re.split(r"([-'])", word)]
    if len(parts) > 2 and parts[0] == "D" and parts[1] == "'":
        parts[0] = "d"
    return "".join(parts)


def _titled(text: str) -> tuple[str, str, bool]:
    """The title, what is left, and whether it names a couple or a family."""
    if couple := _COUPLE.match(text):
        return "M. et Mme", text[couple.end() :], True
    words = text.split()
    household = any(fold(word) in ("et", "and") for word in words[1:-1])
    for at in (0, -1):
        title = _TITLES.get(fold(words[at]))
        # « M » alone at the end is an initial.
        if title and len(words) > 1 and not (at == -1 and len(fold(words[at])) == 1):
            del words[at]
            return title, " ".join(words), household
    return "", text, household


def _born(text: str) -> tuple[str, str]:
    """The name without « née X », and X; « X épouse Y » is Y, born X."""
    words = text.split()
    for at, word in enumerate(words[1:-1], start=1):
        low = fold(word)
        if low in ("nee", "ne"):
            end = at + 2
            while end < len(words) and fold(words[end - 1]) in _PARTICLES:
                end += 1
            return " ".join(words[:at] + words[end:]), " ".join(words[at + 1 : end])
        if low in ("epouse", "ep", "epse", "veuve", "vve"):
            return " ".join(words[at + 1 :]), " ".join(words[:at])
    if fold(words[0]) in ("veuve", "vve") and len(words) > 1:
        return " ".join(words[1:]), ""
    return text, ""


def _units(text: str) -> list[str]:
    """Words with what belongs to them: « de la Tour », « Saint Martin » and « Jean et Marie » are one."""
    units: list[str] = []
    waiting: list[str] = []
    for word in text.split():
        if fold(word) in ("et", "and") and units and not waiting:
            waiting = [units.pop(), word]
            continue
        waiting.append(word)
        if fold(word) not in _PARTICLES | _SAINTS:
            units.append(" ".join(waiting))
            waiting = []
    return [*units, " ".join(waiting)] if waiting else units


def _ordered(units: list[str], family_first: bool | None, *, titled: bool) -> tuple[str, str, bool]:
    """Family, given, and whether the order is sure."""
    if len(units) == 1:
        alone = units[0]
        return ("", alone, False) if not titled and _weight(alone) == 2 else (alone, "", titled)
    if cut := _by_capitals(units):
        return cut
    first, last = _family_only(units[0]), _family_only(units[-1])
    if first != last:
        return _cut(units, 1 if first else len(units) - 1, family_leads=first, sure=len(units) == 2)
    leads, ends = _weight(units[0]), _weight(units[-1])
    if leads != ends:
        family_leads = ends > leads
        at = len(units) - _run(units[::-1]) if family_leads else _run(units)
        return _cut(units, at, family_leads=family_leads, sure=family_first in (None, family_leads))
    said = " ".join(units).isupper() if family_first is None else family_first
    return _cut(units, 1, family_leads=said, sure=family_first is not None and len(units) == 2)


def _cut(units: list[str], at: int, *, family_leads: bool, sure: bool) -> tuple[str, str, bool]:
    left, right = " ".join(units[:at]), " ".join(units[at:])
    return (left, right, sure) if family_leads else (right, left, sure)


def _by_capitals(units: list[str]) -> tuple[str, str, bool] | None:
    loud = [_is_loud(unit) for unit in units]
    if all(loud) or not any(loud):
        return None
    changes = sum(here != after for here, after in pairwise(loud))
    family = " ".join(unit for unit, up in zip(units, loud, strict=True) if up)
    given = " ".join(unit for unit, up in zip(units, loud, strict=True) if not up)
    return family, given, changes == 1


def _is_loud(unit: str) -> bool:
    # The last word decides for « de la TOUR »; lone capitals are initials.
    word = unit.split()[-1]
    return word.isupper() and re.search(r"[^\W\d_]{2}", word) is not None


def _family_only(unit: str) -> bool:
    head = fold(unit.split()[0])
    return (" " in unit and head in _NOBLE | _SAINTS) or fold(unit).startswith("d ")


def _weight(unit: str) -> int:
    """How much a unit looks like a given name: 2 a given name or an initial, 1 one that is a family name too, 0 not."""
    words = [word for word in fold(unit).split() if word not in ("et", "and")]
    if not words or not all(word in GIVEN or len(word) == 1 for word in words):
        return 0
    return 1 if words[0] in BOTH and len(words) == 1 else 2


def _run(units: list[str]) -> int:
    """How many units from the start are given names, one at least left to be the family name."""
    count = 1
    while count < len(units) - 1 and _weight(units[count]):
        count += 1
    return count
