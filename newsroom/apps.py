from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NewsroomAdminConfig(AdminConfig):
    default_site = "newsroom.adminsite.NewsroomAdminSite"


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Imports"
