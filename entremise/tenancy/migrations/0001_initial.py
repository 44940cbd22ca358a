import datetime
import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=40, unique=True)),
                ('host', models.CharField(blank=True, max_length=120)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(default='association_intermediaire', max_length=40)),
                ('tagline', models.CharField(blank=True, max_length=120)),
                ('town', models.CharField(blank=True, max_length=80)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('text_phone', models.CharField(blank=True, max_length=20)),
                ('opening_hours', models.CharField(blank=True, max_length=120)),
                ('hue_ink', models.PositiveSmallIntegerField(default=328)),
                ('hue_accent', models.PositiveSmallIntegerField(default=86)),
                ('language', models.CharField(default='fr', max_length=8)),
                ('country', models.CharField(default='FR', max_length=2)),
                ('timezone', models.CharField(default='Europe/Paris', max_length=40)),
                ('founded_at', models.DateTimeField(default=datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('demo', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('host', ''), _negated=True), fields=('host',), name='organisation_host')],
            },
        ),
        migrations.CreateModel(
            name='LegalIdentity',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('legal_name', models.CharField(max_length=120)),
                ('siret', models.CharField(blank=True, max_length=14)),
                ('street', models.CharField(blank=True, max_length=120)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('town', models.CharField(blank=True, max_length=80)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('iban', models.CharField(blank=True, max_length=34)),
                ('bic', models.CharField(blank=True, max_length=11)),
                ('agreement_number', models.CharField(blank=True, max_length=40)),
                ('agreement_from', models.DateField(blank=True, null=True)),
                ('agreement_to', models.DateField(blank=True, null=True)),
                ('sap_number', models.CharField(blank=True, max_length=20)),
                ('sap_date', models.DateField(blank=True, null=True)),
                ('collective_agreement', models.CharField(blank=True, max_length=120)),
                ('insurer', models.CharField(blank=True, max_length=120)),
                ('signatory', models.CharField(blank=True, max_length=80)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation',), name='one_legal_identity'), models.UniqueConstraint(fields=('organisation', 'id'), name='tenancy_legalidentity_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('series', models.CharField(max_length=40)),
                ('last', models.PositiveBigIntegerField(default=0)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'series'), name='counter_series'), models.UniqueConstraint(fields=('organisation', 'id'), name='tenancy_counter_tenant')],
            },
        ),
    ]
