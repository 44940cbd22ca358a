from django.urls import path
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame import assets
from entremise.doors.site import entrance, feedback, home, hosting, jobs, lists, me, papers, results, working

app_name = "site"

urlpatterns = [
    path("", home.show_home, name="home"),
    path(_("resultats/"), results.show_results, name="results"),
    path(_("resultats/donnees.csv"), results.open_data, name="open_data"),
    path(_("resultats/<slug:figure>/"), results.show_figure, name="figure"),
    path(_("missions/"), jobs.show_jobs, name="jobs"),
    path(_("missions/classement/"), jobs.show_ranking, name="job_ranking"),
    path(_("missions/<int:number>/"), jobs.show_job, name="job"),
    path("m/<int:number>", jobs.short_link, name="job_short"),
    path("robots.txt", jobs.robots, name="robots"),
    path("sitemap.xml", jobs.sitemap, name="sitemap"),
    path(_("entrer"), entrance.enter, name="enter"),
    path(_("entrer/code"), entrance.code, name="code"),
    path(_("entrer/qui"), entrance.who, name="who"),
    path("l/<str:token>", entrance.link, name="link"),
    path(_("sortir"), entrance.leave, name="leave"),
    path(_("sortir/partout"), entrance.leave_everywhere, name="leave_everywhere"),
    path("sw.js", assets.service_worker, name="service_worker"),
    path("application.webmanifest", home.manifest, name="manifest"),
    path(_("moi/"), me.show_me, name="me"),
    path(_("moi/exports"), lists.exports, name="exports"),
    path(_("moi/aide/"), me.show_help, name="help"),
    path(_("moi/langue"), me.speak, name="speak"),
    path(_("moi/propositions/<uuid:proposal>/reponse"), working.answer, name="answer"),
    path(_("moi/missions/<uuid:mission>/heures"), working.log_hours, name="log_hours"),
    path(_("moi/missions/<uuid:mission>/retard"), working.running_late, name="late"),
    path(_("moi/heures/"), working.show_hours, name="hours"),
    path(_("moi/paie/"), working.show_pay, name="pay"),
    path(_("moi/visites/"), hosting.show_visits, name="visits"),
    path(_("moi/missions/<uuid:mission>/confirmation"), hosting.confirm_hours, name="confirm_hours"),
    path(_("moi/missions/<uuid:mission>/annulation"), hosting.call_off, name="call_off"),
    path(_("moi/factures/"), hosting.show_invoices, name="invoices"),
    path(_("moi/avis/"), feedback.show_feedback, name="feedback"),
    path(_("moi/avis/<uuid:feedback>"), feedback.give, name="give_feedback"),
    path(_("moi/avis/<uuid:feedback>/reponse"), feedback.reply, name="reply_feedback"),
    path(_("moi/avis/<uuid:feedback>/contestation"), feedback.contest, name="contest_feedback"),
    path(_("moi/papiers/"), papers.show_papers, name="papers"),
    path(_("moi/papiers/<uuid:agreement>/"), papers.show_agreement, name="agreement"),
    path(_("moi/papiers/<uuid:agreement>/signature"), papers.sign, name="sign"),
    path(_("moi/documents/<uuid:document>.pdf"), papers.download, name="document"),
]
