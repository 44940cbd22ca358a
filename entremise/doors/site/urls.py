from django.urls import path

from entremise.doors.frame import assets
from entremise.doors.site import entrance, home, hosting, lists, me, papers, working

app_name = "site"

urlpatterns = [
    path("", home.show_home, name="home"),
    path("resultats/", home.show_results, name="results"),
    path("entrer", entrance.enter, name="enter"),
    path("entrer/code", entrance.code, name="code"),
    path("entrer/qui", entrance.who, name="who"),
    path("l/<str:token>", entrance.link, name="link"),
    path("sortir", entrance.leave, name="leave"),
    path("sortir/partout", entrance.leave_everywhere, name="leave_everywhere"),
    path("sw.js", assets.service_worker, name="service_worker"),
    path("application.webmanifest", home.manifest, name="manifest"),
    path("moi/", me.show_me, name="me"),
    path("moi/exports", lists.exports, name="exports"),
    path("moi/aide/", me.show_help, name="help"),
    path("moi/propositions/<uuid:proposal>/reponse", working.answer, name="answer"),
    path("moi/missions/<uuid:mission>/heures", working.log_hours, name="log_hours"),
    path("moi/missions/<uuid:mission>/retard", working.running_late, name="late"),
    path("moi/heures/", working.show_hours, name="hours"),
    path("moi/paie/", working.show_pay, name="pay"),
    path("moi/visites/", hosting.show_visits, name="visits"),
    path("moi/missions/<uuid:mission>/confirmation", hosting.confirm_hours, name="confirm_hours"),
    path("moi/missions/<uuid:mission>/annulation", hosting.call_off, name="call_off"),
    path("moi/factures/", hosting.show_invoices, name="invoices"),
    path("moi/papiers/", papers.show_papers, name="papers"),
    path("moi/papiers/<uuid:agreement>/", papers.show_agreement, name="agreement"),
    path("moi/papiers/<uuid:agreement>/signature", papers.sign, name="sign"),
    path("moi/documents/<uuid:document>.pdf", papers.download, name="document"),
]
