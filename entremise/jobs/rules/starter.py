"""The activities that a new organisation begins with, to rename, complete or withdraw. Prices are its own business."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Starter:
    """words: as people say them, French and English. personal_service: on the list of D7231-1 of the Code du travail,
    declaration alone. first_in_twos: a newcomer goes with somebody who has done it.
    """

    code: str
    name: str
    name_en: str
    pictogram: str
    words: tuple[str, ...]
    words_en: tuple[str, ...]
    personal_service: bool = True
    first_in_twos: bool = False
    equipment: str = ""


STARTERS = (
    Starter(
        "menage", "Ménage", "Cleaning", "menage", ("ménage", "nettoyage", "serpillière"), ("cleaning", "housework")
    ),
    Starter(
        "repassage", "Repassage", "Ironing", "repassage", ("repassage", "repasser", "linge"), ("ironing", "laundry")
    ),
    Starter(
        "vitres",
        "Vitres",
        "Windows",
        "vitres",
        ("vitres", "carreaux", "fenêtres"),
        ("windows", "window cleaning"),
        equipment="Escabeau stable, fourni par le client",
    ),
    Starter(
        "cuisine",
        "Préparation de repas",
        "Cooking",
        "cuisine",
        ("repas", "cuisine", "cuisiner"),
        ("cooking", "meals"),
    ),
    Starter(
        "courses", "Courses", "Shopping", "courses", ("courses", "commissions", "pharmacie"), ("shopping", "errands")
    ),
    Starter(
        "jardin",
        "Jardin",
        "Garden",
        "jardin",
        ("jardin", "jardinage", "tondre", "tonte", "pelouse", "désherbage"),
        ("garden", "gardening", "lawn", "mowing"),
        equipment="Gants, lunettes et chaussures de sécurité",
    ),
    Starter(
        "haie",
        "Tailler une haie",
        "Hedge trimming",
        "jardin",
        ("haie", "haies", "taille de haie"),
        ("hedge", "hedges"),
        first_in_twos=True,
        equipment="Gants, lunettes et chaussures de sécurité",
    ),
    Starter(
        "bricolage",
        "Petit bricolage",
        "Small repairs",
        "bricolage",
        ("bricolage", "réparer", "étagère", "monter un meuble"),
        ("repairs", "handyman", "small jobs"),
    ),
    Starter(
        "informatique",
        "Aide informatique",
        "Computer help",
        "informatique",
        ("informatique", "ordinateur", "internet"),
        ("computer", "internet"),
    ),
    Starter(
        "compagnie", "Compagnie", "Company", "compagnie", ("compagnie", "promenade", "lecture"), ("company", "walk")
    ),
    Starter(
        "demenagement",
        "Porter, déménager",
        "Moving",
        "demenagement",
        ("déménagement", "cartons", "porter", "débarras"),
        ("moving", "boxes"),
        personal_service=False,
        first_in_twos=True,
        equipment="Gants et chaussures de sécurité",
    ),
    Starter(
        "peinture",
        "Petite peinture",
        "Painting",
        "peinture",
        ("peinture", "peindre", "tapisserie"),
        ("painting",),
        personal_service=False,
    ),
)
