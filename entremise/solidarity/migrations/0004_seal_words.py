from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from entremise.tenancy import scope
from entremise.tenancy.sealed import MARK, seal


def seal_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What was written before lies open no longer. The policies show one organisation's rows at a time."""
    organisations = apps.get_model("tenancy", "Organisation").objects.values_list("id", flat=True)
    for organisation in list(organisations):
        with scope.within(organisation), editor.connection.cursor() as cursor:
            cursor.execute("SELECT id, need, reason, appeal FROM solidarity_award")
            for award, *words in cursor.fetchall():
                sealed = [one if one.startswith(MARK) else seal(one) for one in words]
                cursor.execute(
                    "UPDATE solidarity_award SET need = %s, reason = %s, appeal = %s WHERE id = %s", [*sealed, award]
                )


class Migration(migrations.Migration):
    """Apart from what alters the table: PostgreSQL alters none whose rows were changed in the same transaction."""

    dependencies = [("solidarity", "0003_prices")]

    operations = [migrations.RunPython(seal_words, migrations.RunPython.noop)]
