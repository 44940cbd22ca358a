"""Codes of the rooms as the desk says them: why somebody is suggested or blocked, states, tasks, channels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk import words_work
from entremise.doors.frame.templatetags.entremise import hours, short_date, spoken_date
from entremise.doors.frame.words import sentence
from entremise.jobs.rules.limits import Block
from entremise.jobs.rules.matching import Reason
from entremise.kernel.refused import Refused
from entremise.settlement.queries import Blocked

Words = str | Promise

_REASONS: Final[Mapping[str, Words]] = {
    "done_here": _("A déjà travaillé ici, %(times)s fois"),
    "done_this": _("A déjà fait ce travail, %(times)s fois"),
    "trained": _("Formation suivie en %(month)s"),
    "can_do": _("Sait faire"),
    "first_job": _("Première fois pour ce travail"),
    "first_job_in_twos": _("Première fois : à deux"),
    "free_unknown": _("Disponibilité à demander"),
    "not_free": _("A dit ne pas être libre à ce moment"),
    "hours": _("%(given)s sur %(wanted)s voulues"),
    "no_job_yet": _("Pas encore eu de mission"),
    "nothing_for": _("Rien depuis %(days)s jours"),
    "prefers_call": _("Préfère l’appel"),
}
_ONCE: Final[Mapping[str, Words]] = {
    "done_here": _("A déjà travaillé ici"),
    "done_this": _("A déjà fait ce travail"),
}
_TRAVEL: Final[Mapping[str, Words]] = {
    "walk": _("%(minutes)s min à pied"),
    "bike": _("%(minutes)s min à vélo"),
    "bus": _("%(minutes)s min en bus"),
    "car": _("%(minutes)s min en voiture"),
}
_ICONS: Final[Mapping[str, str]] = {"plus": "coche", "note": "info", "warn": "alerte"}

_BLOCKS: Final[Mapping[str, Words]] = {
    "outside_territory": _("Ce lieu est hors du territoire de la convention avec l’État."),
    "place_unknown": _("La commune de l’intervention manque : complétez l’adresse de la personne."),
    "dangerous_work": _("Ce travail est dangereux au sens du code du travail (D4154-1)."),
    "recent_dismissal": _("Cette entreprise a licencié sur ce poste : il faut attendre le %(until)s."),
    "pass_missing": _("Pas de PASS IAE."),
    "pass_suspended": _("PASS IAE suspendu."),
    "pass_expired": _("PASS IAE terminé le %(on)s."),
    "right_to_work_expired": _("Autorisation de travail terminée le %(on)s."),
    "no_contract_possible": _("Aucun contrat possible."),
    **words_work.BLOCKS,
    "already_begun": _("Le moment est passé : un contrat se signe avant. Changez la date."),
    "overlap": _("Déjà en mission chez %(where)s, de %(start)s à %(end)s."),
    "travel_time": _("%(minutes)s min de trajet depuis ou vers %(where)s, il y en a %(gap)s."),
    "first_job_alone": _("Première fois pour ce travail : à faire à deux."),
    "daily_rest": _("Pas assez de repos ce jour-là : %(minutes)s sont dues."),
    "weekly_rest": _("Pas assez de repos cette semaine-là : %(minutes)s de suite sont dues."),
    "daily_work": _("%(minutes)s ce jour-là, au plus %(limit)s."),
    "weekly_work": _("%(minutes)s cette semaine-là, au plus %(limit)s."),
    "company_work": _("%(minutes)s en entreprise, au plus %(limit)s sans décision du préfet."),
    "not_a_worker": _("Cette personne n’est pas inscrite pour travailler."),
}
_BLOCKED_COUNT: Final[Mapping[str, Words]] = {
    "overlap": _("déjà en mission"),
    "travel_time": _("trajet trop long"),
    "first_job_alone": _("première fois à faire à deux"),
    "pass_missing": _("sans PASS IAE"),
    "pass_suspended": _("PASS suspendu"),
    "pass_expired": _("PASS terminé"),
    "right_to_work_expired": _("autorisation terminée"),
    **words_work.BLOCKED_COUNT,
    "daily_rest": _("repos du jour"),
    "weekly_rest": _("repos de la semaine"),
    "daily_work": _("journée pleine"),
    "weekly_work": _("semaine pleine"),
    "company_work": _("480 h en entreprise"),
    "no_contract_possible": _("aucun contrat possible"),
    "not_a_worker": _("pas inscrites pour travailler"),
}

TASKS: Final[Mapping[str, Words]] = {
    "call_back": _("À rappeler"),
    "web_request": _("Demande par internet : rappeler"),
    "call": _("À lire au téléphone"),
    "no_channel": _("Aucun moyen de joindre"),
    "letter_lost": _("Message non remis"),
    "replace": _("Trouver quelqu’un d’autre"),
    "open_offer": _("Annonce à ouvrir"),
    "no_answer": _("Sans réponse : appeler"),
    "quote_over": _("Devis sans réponse : rappeler le client"),
    "nobody_left": _("Tout le monde a dit non"),
    "hours_differ": _("Écart d’heures"),
    "unsigned": _("Contrat à signer avant demain"),
    "renew": _("Les venues prévues finissent : continuer ?"),
    "read_message": _("Message à lire"),
    "no_bank_account": _("IBAN à demander"),
    "wage_returned": _("Paie revenue : vérifier l’IBAN"),
    "bill_returned": _("Fournisseur : virement revenu, vérifier l’IBAN"),
    "second_person": _("Fichier de paiement à confirmer par une autre personne"),
    "debit_back": _("Prélèvement revenu : regarder pourquoi"),
    "paid_twice": _("Facture payée deux fois : rendre l’argent"),
    "firm_reminder": _("Troisième rappel à relire, puis à envoyer"),
    "instalment_missed": _("Une échéance convenue n’est pas venue : appeler"),
    "vouchers_to_claim": _("CESU bientôt trop vieux : faire le bordereau"),
    "money_talk": _("Une facture pose souci : appeler"),
    "deposit_fell_back": _("La réservation sur la carte est tombée : la redemander ?"),
    "payment_contested": _("Paiement par carte contesté : répondre au prestataire"),
    "gift_stuck": _("Don par carte que le fonds ne peut pas suivre : décider"),
    "payment_not_done": _("Le prestataire de paiement n’a pas fait ce qui était demandé : vérifier"),
    "charge_failed": _("Carte ou compte gardé : le paiement n’est pas passé"),
    "absent_worker": _("Personne salariée absente"),
    "running_late": _("En retard : prévenir le client"),
    "absent_client": _("Client absent"),
    "holidays": _("Jour férié dans la série : demander au client"),
    "feedback_contested": _("Avis contesté : entendre les deux"),
    "books_wrong": _("Comptes à vérifier : versements arrêtés"),
    "books_right": _("Comptes justes : les versements peuvent reprendre"),
}

# state → (word, tone, icon)
Badge = tuple[Words, str, str]
REQUESTS: Final[Mapping[str, Badge]] = {
    "claimed": (_("À vérifier : appeler"), "alerte", "tel"),
    "open": (_("À proposer"), "alerte", "alerte"),
    "proposed": (_("Réponse attendue"), "info", "sablier"),
    "filled": (_("Pourvue"), "ok", "coche"),
    "done": (_("Faite"), "ok", "coche"),
    "unmet": (_("Sans solution"), "danger", "croix"),
    "cancelled": (_("Annulée"), "", "croix"),
}
PROPOSALS: Final[Mapping[str, Badge]] = {
    "offered": (_("Réponse attendue"), "info", "sablier"),
    "expired": (_("Sans réponse : appeler"), "alerte", "tel"),
    "accepted": (_("A dit OUI"), "ok", "coche"),
    "declined": (_("A dit NON"), "", "croix"),
    "too_late": (_("Déjà pourvue"), "", "info"),
    "withdrawn": (_("Ne peut plus venir"), "alerte", "croix"),
}
MISSIONS: Final[Mapping[str, Badge]] = {
    "agreed": (_("Contrat à signer"), "alerte", "doc"),
    "ready": (_("Contrat signé"), "ok", "coche"),
    "worked": (_("Heures à confirmer"), "info", "sablier"),
    "confirmed": (_("Heures confirmées"), "ok", "coche"),
    "cancelled": (_("Annulée"), "", "croix"),
    "no_show_worker": (_("Personne salariée absente"), "danger", "alerte"),
    "no_show_client": (_("Client absent"), "danger", "alerte"),
}
AGREEMENTS: Final[Mapping[str, Badge]] = {
    "drawn_up": (_("À signer"), "alerte", "doc"),
    "active": (_("Signé"), "ok", "coche"),
    "ended": (_("Terminé"), "", "coche"),
    "cancelled": (_("Annulé"), "", "croix"),
}
DEPOSITS: Final[Mapping[str, Badge]] = {
    "asked": (_("Demandé"), "alerte", "sablier"),
    "held": (_("Réservé sur la carte"), "info", "euro"),
    "paid": (_("Payé"), "ok", "coche"),
    "used": (_("Utilisé"), "", "coche"),
    "returned": (_("Rendu"), "", "retour"),
    "withdrawn": (_("Plus demandé"), "", "croix"),
}
LETTERS: Final[Mapping[str, Badge]] = {
    "queued": (_("En attente"), "info", "sablier"),
    "sent": (_("Parti"), "ok", "coche"),
    "given_up": (_("Non remis"), "danger", "alerte"),
    "cancelled": (_("Annulé"), "", "croix"),
}
CHANNELS: Final[Mapping[str, tuple[Words, str]]] = {
    "text": (_("SMS"), "sms"),
    "email": (_("Courriel"), "bulle"),
    "post": (_("Courrier"), "doc"),
    "voice": (_("Appel"), "tel"),
    "none": (_("Aucun moyen"), "alerte"),
}
DOORS: Final[Mapping[str, Words]] = {
    "site": _("par internet"),
    "desk": _("au bureau"),
    "phone": _("par téléphone"),
    "counter": _("à l’accueil"),
    "text": _("par SMS"),
    "paper": _("sur papier"),
    "api": _("par un partenaire"),
    "clock": _("automatiquement"),
}
ROLES: Final[Mapping[str, Words]] = {
    "coordinator": _("Coordination"),
    "support_worker": _("Accompagnement"),
    "treasurer": _("Trésorerie"),
    "director": _("Direction"),
    "worker": _("Personne salariée"),
    "supplier": _("Personne indépendante"),
    "client": _("Client"),
    "network_operator": _("Réseau"),
}
PARTIES: Final[Mapping[str, Words]] = {
    "organisation": _("L’association"),
    "client": _("Le client"),
    "worker": _("La personne salariée"),
    "supplier": _("La personne indépendante"),
}
PAPERS: Final[Mapping[str, Words]] = {
    "pass_iae": _("PASS IAE"),
    "tax_rate": _("Taux d’impôt à la source (%)"),
    "right_to_work": _("Autorisation de travail"),
    "nir": _("Numéro de sécurité sociale"),
    "siret": _("SIRET"),
    "registration": _("Inscription au registre des entreprises"),
    "insurance": _("Assurance professionnelle"),
    "vigilance": _("Attestation de vigilance Urssaf"),
    "driving_licence": _("Permis de conduire"),
}
PERSON_KINDS: Final[Mapping[str, Words]] = {
    "individual": _("Particulier"),
    "company": _("Entreprise"),
    "association": _("Association"),
    "local_authority": _("Collectivité"),
}
LINES: Final[Mapping[str, Badge]] = {
    "unmatched": (_("À reconnaître"), "alerte", "alerte"),
    "matched": (_("Reconnue"), "ok", "coche"),
    "set_aside": (_("Expliquée"), "ok", "coche"),
}
EXPLANATIONS: Final[Mapping[str, Words]] = {
    "provider": _("virement du prestataire de paiement"),
    "helloasso": _("virement de HelloAsso"),
    "cheques": _("chèques remis à la banque"),
    "cash": _("espèces, entre la caisse et la banque"),
    "grant": _("subvention"),
    "fees": _("frais de la banque"),
    "urssaf": _("Urssaf"),
    "pensions": _("caisse de retraite"),
    "withholding": _("impôt prélevé sur les paies"),
    "other": _("autre, à classer"),
}
FIGURES: Final[Mapping[str, Words]] = {
    "clients": _("foyers et structures aidés"),
    "workers": _("personnes employées"),
    "hours": _("travaillées"),
    "jobs": _("missions faites"),
    "net_pay": _("nets versés aux personnes"),
    "first_yes": _("pour trouver quelqu’un, en médiane"),
    "within_day": _("trouvées en un jour"),
    "by_voice": _("des demandes par la voix"),
    "unmet": _("des demandes sans solution"),
    "content": _("se disent très contents de nous"),
    "calls": _("appels reçus"),
}
UNITS: Final[Mapping[str, Words]] = {
    "days": _("jours"),
    "minutes": _("minutes"),
    "hour": _("h"),
    "people": _("personnes"),
    "months": _("mois"),
    "EUR": _("€"),
    "EUR/h": _("€ l’heure"),
    "h/day": _("h par jour"),
    "h/week": _("h par semaine"),
    "h/month": _("h par mois"),
    "EUR/month": _("€ par mois"),
    "EUR/year": _("€ par an"),
    "weeks": _("semaines"),
    "smic": _("fois le SMIC"),
    "ceilings": _("plafonds"),
    "points": _("points"),
    "number": "",
}
PROVIDERS: Final[Mapping[str, str]] = {"stripe": "Stripe", "helloasso": "HelloAsso"}
PAYMENTS: Final[Mapping[str, Words]] = {
    "asked": _("demandé"),
    "needs_action": _("attend la banque du client"),
    "failed": _("refusé, peut être repris"),
    "processing": _("en route"),
    "authorised": _("réservé"),
    "captured": _("pris"),
    "cancelled": _("fermé sans paiement"),
    "expired": _("resté sans paiement"),
}

HOW: Final[Mapping[str, Words]] = {
    "link": _("par lien"),
    "screen": _("à l’écran"),
    "paper": _("sur papier"),
    "said": _("le dit"),
    "trained": _("formation suivie"),
    "seen": _("vu au travail"),
}
CONSENTS: Final[Mapping[str, Words]] = {
    "be_on_file": _("Être inscrit dans nos fichiers"),
    "show_first_name": _("Montrer son prénom dans une annonce"),
}


PROBLEMS: Final[Mapping[str, Words]] = {
    "hours_differ": _("Écart d’heures à régler, contrat %(detail)s"),
    "hours_unconfirmed": _("Heures que le client n’a pas confirmées, contrat %(detail)s"),
    "no_bank_account": _("Pas d’IBAN : à payer autrement"),
    "no_address": _("Pas d’adresse pour la facture"),
}


def problem(one: Blocked) -> str:
    """What to look at before a month is settled."""
    if one.code in PROBLEMS:
        return str(PROBLEMS[one.code]) % {"detail": one.detail}
    return refusal(one.code)


def refusal(code: str) -> str:
    """The sentence of a refusal that kept only its code; without values, so that names stay out."""
    try:
        return sentence(Refused(code))
    except KeyError:  # Its sentence names values that were not kept, or it is not a refusal.
        return str(_("Arrêté par une règle du programme (%(code)s).") % {"code": code})


@dataclass(frozen=True)
class Said:
    text: str
    icon: str
    warns: bool = False


def reason(given: Reason) -> Said:
    """Why somebody is suggested, in words."""
    return Said(_reason_text(given), _ICONS[given.kind], given.kind == "warn")


def _reason_text(given: Reason) -> str:
    params = given.params
    if given.code == "distance":
        return str(_TRAVEL[str(params["mode"])]) % params
    if given.code == "free":
        until = _clock(params["until"])
        return str(_("Libre jusqu’à %(until)s") % {"until": until} if until else _("Libre"))
    if given.code == "ends_before":
        at = {"where": params["where"], "at": _clock(params["at"]), "minutes": params["minutes"]}
        way = _(", %(minutes)s min") % at if at["minutes"] else ""
        return str(_("Finit à %(at)s chez %(where)s")) % at + str(way)
    if given.params.get("times") == 1:
        return str(_ONCE[given.code])
    return str(_REASONS[given.code]) % _spoken(params)


def block(given: Block) -> str:
    """Why somebody may not go, in words."""
    return str(_BLOCKS[given.code]) % _spoken(given.params)


def blocked_count(code: str) -> str:
    """Why several may not go, in a word or two beside their number."""
    return str(_BLOCKED_COUNT[code])


_IN_MINUTES = {"given", "wanted", "limit"}


def _spoken(params: Mapping[str, object]) -> dict[str, object]:
    lasting = "limit" in params or "week" in params or "first" in params
    return {name: _value(name, value, lasting=lasting) for name, value in params.items()}


def _value(name: str, value: object, *, lasting: bool) -> object:
    if isinstance(value, datetime):
        return _clock(value)
    if isinstance(value, date):
        return f"{value:%m/%Y}" if name == "month" else short_date(value)
    if isinstance(value, int) and (name in _IN_MINUTES or (name == "minutes" and lasting)):
        return hours(value)
    return value


def _clock(moment: object) -> str:
    """« 12 h » of a moment, local."""
    return spoken_date(moment).rpartition(", ")[2] if isinstance(moment, datetime) else ""


# Days aloud
