from django.urls import path

from entremise.doors.api.views import api

urlpatterns = [path("", api.urls)]
