from django.urls import path

from entremise.doors.frame import assets
from entremise.doors.frame.ways import on
from entremise.doors.site import home, me, papers, sign_in

app_name = "site"

urlpatterns = [
    path("", home.show_home, name="home"),
    path("resultats/", home.show_results, name="results"),
    path("entrer", on(get=sign_in.show_enter, post=sign_in.ask_code), name="enter"),
    path("entrer/code", on(get=sign_in.show_code, post=sign_in.try_code), name="code"),
    path("entrer/qui", on(get=sign_in.show_who, post=sign_in.choose_who), name="who"),
    path("l/<str:token>", on(get=sign_in.show_link, post=sign_in.use_link), name="link"),
    path("sortir", sign_in.leave, name="leave"),
    path("sw.js", assets.service_worker, name="service_worker"),
    path("moi/", me.show_me, name="me"),
    path("moi/propositions/<uuid:proposal>/reponse", me.answer, name="answer"),
    path("moi/missions/<uuid:mission>/heures", me.log_hours, name="log_hours"),
    path("moi/missions/<uuid:mission>/confirmation", me.confirm_hours, name="confirm_hours"),
    path("moi/missions/<uuid:mission>/retard", me.running_late, name="late"),
    path("moi/heures/", me.show_hours, name="hours"),
    path("moi/argent/", me.show_money, name="money"),
    path("moi/aide/", me.show_help, name="help"),
    path("moi/papiers/", papers.show_papers, name="papers"),
    path("moi/papiers/<uuid:agreement>/", papers.show_agreement, name="agreement"),
    path("moi/papiers/<uuid:agreement>/signature", papers.sign, name="sign"),
    path("moi/documents/<uuid:document>.pdf", papers.download, name="document"),
]
