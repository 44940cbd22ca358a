"""Valmarelle and the people of Le Pas de Porte. Nobody here exists; the phone numbers are kept for fiction."""

from dataclasses import dataclass

PLACES = (
    ("33990", "33499", "Valmarelle", 44.6012, -0.2105),
    ("33991", "33499", "Saint-Aubin-des-Prés", 44.6241, -0.1870),
    ("33992", "33498", "Les Essarts", 44.5803, -0.2382),
    ("33993", "33498", "Pont-Levain", 44.5920, -0.1611),
)
STREETS = (
    "rue des Tilleuls",
    "rue du Lavoir",
    "place du Marché",
    "rue Haute",
    "allée des Vignes",
    "rue de la Gare",
    "chemin du Moulin",
    "impasse des Roses",
    "rue Jean-Jaurès",
    "avenue du Stade",
    "rue des Écoles",
    "quai de la Marelle",
)
WOMEN = (
    "Odile", "Claudine", "Monique", "Jeanne", "Simone", "Yvette", "Denise", "Fatiha", "Ginette", "Colette",
    "Paulette", "Renée", "Josiane", "Aline", "Marguerite", "Lucienne", "Andrée", "Huguette",
)  # fmt: skip
MEN = (
    "Jean", "André", "Robert", "Gérard", "Marcel", "Bernard", "Roland", "Ahmed", "Raymond", "Georges", "Guy",
    "Maurice", "Serge", "Lucien", "Gilbert",
)  # fmt: skip
FAMILIES = (
    "Aubry", "Pons", "Lefort", "Rey", "Diallo", "Roux", "Perrin", "Odier", "Castaing", "Laborde", "Dupouy", "Lassalle",
    "Bégué", "Cazaux", "Darrieux", "Etcheverry", "Fauché", "Garrigue", "Hourcade", "Itier", "Jouanneau", "Labat",
    "Mesplède", "Nougué", "Olivier", "Pouyanne", "Quintin", "Rambaud", "Sarraute", "Tauzin", "Vignolles", "Ybarra",
)  # fmt: skip
WORKERS = (
    ("Karim", "Belkacem"), ("Nadège", "Tissot"), ("Yacine", "Ouali"), ("Maria", "Santos"), ("Lina", "Rabah"),
    ("Mamadou", "Sow"), ("Sandrine", "Coutant"), ("Jordan", "Mercadier"), ("Aïcha", "Benali"), ("Thierry", "Lacoste"),
    ("Svitlana", "Kovalenko"), ("Kévin", "Dubosc"), ("Rosa", "Almeida"), ("Idriss", "Traoré"), ("Céline", "Faure"),
    ("Bruno", "Castex"), ("Nour", "Haddad"), ("Patrick", "Loustau"), ("Émilie", "Bordes"), ("Samir", "Cherif"),
    ("Véronique", "Pujol"), ("Abel", "Ferreira"), ("Fanta", "Camara"), ("Didier", "Sansous"), ("Zohra", "Amrani"),
)  # fmt: skip
BODIES = (
    ("company", "Menuiserie Laborde", "730829320"),
    ("association", "Club des aînés de Valmarelle", ""),
    ("local_authority", "Mairie de Valmarelle", ""),
    ("company", "Boulangerie du Marché", ""),
)
REMARKS = ("Parler fort", "Portail vert", "Chien gentil", "Préfère le matin", "Sonner deux fois", "Deuxième étage")


@dataclass(frozen=True)
class Kind:
    """An activity with its price: cents an hour; weight: how often it is asked for."""

    code: str
    name: str
    name_en: str
    pictogram: str
    words: tuple[str, ...]
    words_en: tuple[str, ...]
    hourly: int
    weight: int
    usual: tuple[int, ...]
    personal_service: bool = True
    equipment: str = ""


ACTIVITIES = (
    Kind("menage", "Ménage", "Cleaning", "menage", ("ménage", "nettoyage"), ("cleaning",), 2400, 9, (120, 180)),
    Kind("jardin", "Jardin", "Garden", "jardin", ("jardin", "tondre", "pelouse", "désherbage"), ("garden", "lawn"),
         2450, 6, (120, 180, 240), equipment="Gants et lunettes, fournis par l’association"),
    Kind("haie", "Tailler une haie", "Hedge trimming", "jardin", ("haie", "haies"), ("hedge",), 2450, 5, (120, 180),
         equipment="Gants et lunettes, fournis par l’association"),
    Kind("bricolage", "Petit bricolage", "Small repairs", "bricolage", ("bricolage", "réparer", "étagère"),
         ("repairs", "handyman"), 2600, 3, (60, 120)),
    Kind("courses", "Courses", "Shopping", "courses", ("courses", "commissions"), ("shopping",), 2400, 3, (60, 90)),
    Kind("repassage", "Repassage", "Ironing", "repassage", ("repassage", "repasser"), ("ironing",), 2400, 5,
         (120, 180)),
    Kind("vitres", "Vitres", "Windows", "vitres", ("vitres", "carreaux", "fenêtres"), ("windows",), 2450, 3,
         (120, 180)),
    Kind("demenagement", "Porter, déménager", "Moving", "demenagement", ("cartons", "déménagement", "porter"),
         ("moving", "boxes"), 2600, 2, (180, 240), personal_service=False),
    Kind("compagnie", "Compagnie", "Company", "compagnie", ("compagnie", "promenade"), ("company", "walk"), 2400,
         2, (60, 120)),
)  # fmt: skip
