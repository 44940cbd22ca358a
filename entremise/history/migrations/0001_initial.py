import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.base
import entremise.tenancy.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('type', models.CharField(max_length=40)),
                ('thing', models.CharField(max_length=40)),
                ('thing_id', models.UUIDField(null=True)),
                ('by', models.UUIDField(null=True)),
                ('on_behalf_of', models.UUIDField(null=True)),
                ('door', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('data', models.JSONField(default=dict)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'thing_id', 'at'], name='fact_of_thing'), models.Index(fields=['organisation', 'type', 'at'], name='fact_of_type')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='history_fact_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveBigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('fact', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='history.fact')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'position'), name='link_position'), models.UniqueConstraint(fields=('organisation', 'fact'), name='link_fact'), models.UniqueConstraint(fields=('organisation', 'id'), name='history_link_tenant')],
            },
        ),
    ]
