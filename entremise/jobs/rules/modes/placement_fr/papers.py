from entremise.jobs.rules.modes import Data, Deal, Someone
from entremise.jobs.rules.modes.clauses import calling_off, percent, slot

USE_CONTRACT = "articles L1242-2 3°, D1242-1 12° et L5132-7 du Code du travail"
PLACEMENT = "articles L5132-7 à L5132-14 et R5132-20 du Code du travail"

SHARES = {
    "wage_gross": "Salaire de la personne, congés compris",
    "employer_contributions": "Cotisations sociales",
    "accompaniment": "Accompagnement vers l’emploi",
    "running": "Accueil, assurance, bureau",
}
PAYMENT = {
    "title": "Paiement",
    "text": "La facture suit chaque mois les heures faites. Aucuns frais ne s’ajoutent au prix indiqué.",
}


def placement_agreement(deal: Deal) -> Data:
    times, company = len(deal.visits), deal.client.kind == "company"
    estimate = deal.price * times
    return {
        **_common(deal),
        "client": {
            "name": deal.client.name,
            "street": deal.client.street,
            "postcode": deal.client.postcode,
            "city": deal.client.town,
            "siret": "",
            "kind": "person" if deal.client.kind == "individual" else "company",
        },
        "legal_basis": PLACEMENT,
        "workers": [deal.worker.name],
        "tasks": list(deal.tasks),
        "place": _address(deal.client),
        "starts_on": deal.starts.date().isoformat(),
        "ends_on": deal.last_day.isoformat(),
        "schedule": _schedule(deal),
        "minutes": deal.minutes * times,
        "equipment": [{"item": deal.equipment or "Aucun équipement particulier", "by": "client"}],
        "hourly_price": deal.hourly_price,
        "estimate": estimate,
        "ceiling": estimate,
        "tax_credit": deal.tax_credit * times,
        "reference_pay": "Salaire d’un salarié de même qualification chez le client." if company else "",
        "split": [{"label": SHARES[code], "amount": amount * times} for code, amount in deal.split],
        "clauses": [*([_no_dismissal(deal)] if company else []), *_calling_off(deal), PAYMENT],
        "signatures": _signatures(deal, "Le client", deal.client.name),
    }


def work_contract(deal: Deal) -> Data:
    return {
        **_common(deal),
        "employee": {
            "name": deal.worker.name,
            "born": deal.worker.born,
            "street": deal.worker.street,
            "postcode": deal.worker.postcode,
            "city": deal.worker.town,
            "nir": deal.worker.nir,
        },
        "legal_basis": USE_CONTRACT,
        "purpose": f"{deal.title}, mission {deal.number}, chez {deal.client.name}.",
        "job": deal.title,
        "tasks": list(deal.tasks),
        "workplaces": [_address(deal.client)],
        "client": deal.client.name,
        "starts_on": deal.starts.date().isoformat(),
        "ends_on": deal.last_day.isoformat(),
        "minimum": "",
        "trial": "aucune.",
        "minutes": deal.minutes * len(deal.visits),
        "schedule": _schedule(deal),
        "pay": [
            {"label": "Salaire horaire", "amount": deal.hourly_wage},
            {"label": f"Indemnité de congés payés ({percent(deal.holiday_rate)})", "amount": deal.holiday},
        ],
        "paid_on": "par virement, le mois suivant les heures faites.",
        "holiday": f"Les congés payés sont compensés par {percent(deal.holiday_rate)} du salaire brut, versés avec la "
        "paie (L1242-16).",
        "end_of_contract": "Le contrat finit avec la mission. Un contrat d’usage n’ouvre pas droit à une indemnité de "
        "fin de contrat.",
        "agreement": deal.body.collective_agreement or "Convention collective : à préciser par l’employeur.",
        "retirement_fund": "Agirc-Arrco",
        "provident_fund": "",
        "equipment": [deal.equipment or "Aucun équipement particulier."],
        "clauses": [
            {
                "title": "Accompagnement",
                "text": f"{deal.referent or deal.body.name} vous accompagne vers un emploi durable. Refuser une "
                "mission ne change rien pour la suite.",
            },
            *_paid_all_the_same(deal),
        ],
        "signatures": _signatures(deal, "La personne salariée", deal.worker.name),
    }


def mission_order(deal: Deal) -> Data:
    return {
        **_common(deal),
        "job_number": str(deal.number),
        "contract_number": "",
        "worker": deal.worker.name,
        "title": deal.title,
        "client": deal.client.name,
        "client_phone": deal.client.phone,
        "street": deal.client.street,
        "postcode": deal.client.postcode,
        "city": deal.client.town,
        "access": deal.access,
        "slots": [slot(start, end, deal.minutes) for start, end in deal.visits],
        "tasks": list(deal.tasks),
        "equipment": [{"item": deal.equipment or "Aucun équipement particulier", "by": "client"}],
        "hourly_gross": deal.hourly_wage + deal.holiday,
        "referent": deal.referent or deal.body.name,
        "safety": ["En cas de danger, arrêtez le travail et appelez-nous.", f"Notre numéro : {deal.body.phone}"],
        "signatures": [],
    }


def _common(deal: Deal) -> dict[str, object]:
    body = deal.body
    return {
        "org": {
            "name": body.name,
            "street": body.street,
            "postcode": body.postcode,
            "city": body.town,
            "phone": body.phone,
            "siret": body.siret,
            "legal": body.legal,
        },
        "lang": "fr",
    }


def _address(person: Someone) -> str:
    return ", ".join(part for part in (person.street, f"{person.postcode} {person.town}".strip()) if part)


def _schedule(deal: Deal) -> str:
    hours = f"de {deal.starts:%H h %M} à {deal.ends:%H h %M}"
    return f"{deal.rhythm}, {hours}." if deal.rhythm else f"{hours[0].upper()}{hours[1:]}."


def _no_dismissal(deal: Deal) -> Data:
    """Only the company knows, so it says so where it signs (urssaf.fr, associations intermédiaires)."""
    text = (
        f"Le client déclare qu’aucun licenciement économique n’a touché ce poste depuis {deal.dismissal_months} mois."
    )
    return {"title": "Licenciement économique", "text": text}


def _calling_off(deal: Deal) -> list[Data]:
    return [calling_off(deal.calling_off, bound="la dernière signature")] if deal.calling_off else []


def _paid_all_the_same(deal: Deal) -> list[Data]:
    terms = deal.calling_off
    if terms is None:
        return []
    text = (
        f"Si le client annule moins de {terms.free_hours} heures avant, ou n’est pas là à l’arrivée, "
        f"{percent(terms.paid_share)} des heures prévues est payé."
    )
    return [{"title": "Visite annulée par le client", "text": text}]


def _signatures(deal: Deal, label: str, name: str) -> list[dict[str, str]]:
    return [
        {"label": deal.body.name, "name": deal.body.signatory, "signed": ""},
        {"label": label, "name": name, "signed": ""},
    ]
