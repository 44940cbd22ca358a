import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.base
import entremise.tenancy.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agreements', '0001_initial'),
        ('market', '0001_initial'),
        ('people', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=60)),
                ('words', models.JSONField(default=list)),
                ('words_en', models.JSONField(default=list)),
                ('pictogram', models.CharField(max_length=30)),
                ('dangerous', models.BooleanField(default=False)),
                ('personal_service', models.BooleanField(default=True)),
                ('first_in_twos', models.BooleanField(default=False)),
                ('equipment', models.CharField(blank=True, max_length=120)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('offered', models.BooleanField(default=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'code'), name='activity_code'), models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_activity_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('mode', models.CharField(default='placement_fr', max_length=40)),
                ('minutes', models.PositiveIntegerField()),
                ('hourly_price', models.BigIntegerField()),
                ('hourly_wage', models.BigIntegerField()),
                ('travel_fee', models.BigIntegerField(default=0)),
                ('price', models.BigIntegerField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(default='open', max_length=12)),
                ('import_key', models.CharField(blank=True, max_length=80)),
                ('posted_by', models.UUIDField(null=True)),
                ('posted_door', models.CharField(max_length=10)),
                ('posted_at', models.DateTimeField()),
                ('activity', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.activity')),
                ('client', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('listing', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.listing')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('repeats', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.request')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'state', 'posted_at'], name='request_state'), models.Index(fields=['organisation', 'client', 'posted_at'], name='request_client')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'listing'), name='request_listing'), models.UniqueConstraint(condition=models.Q(('import_key', ''), _negated=True), fields=('organisation', 'import_key'), name='request_import_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_request_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Mission',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('state', models.CharField(default='agreed', max_length=16)),
                ('state_at', models.DateTimeField()),
                ('import_key', models.CharField(blank=True, max_length=80)),
                ('agreement', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                ('client', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('proposal', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.proposal')),
                ('worker', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('request', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='missions', to='jobs.request')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'worker', 'starts_at'], name='mission_worker'), models.Index(fields=['organisation', 'client', 'starts_at'], name='mission_client'), models.Index(fields=['organisation', 'state', 'starts_at'], name='mission_state')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'request', 'worker', 'starts_at'), name='mission_once'), models.UniqueConstraint(condition=models.Q(('import_key', ''), _negated=True), fields=('organisation', 'import_key'), name='mission_import_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_mission_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Tariff',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('client_kind', models.CharField(blank=True, max_length=16)),
                ('hourly_price', models.BigIntegerField()),
                ('hourly_wage', models.BigIntegerField()),
                ('minimum_minutes', models.PositiveIntegerField(default=60)),
                ('travel_fee', models.BigIntegerField(default=0)),
                ('valid_from', models.DateField()),
                ('activity', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tariffs', to='jobs.activity')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'activity', 'client_kind', 'valid_from'), name='tariff_from'), models.UniqueConstraint(condition=models.Q(('activity__isnull', True)), fields=('organisation', 'client_kind', 'valid_from'), name='tariff_of_all_from'), models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_tariff_tenant')],
            },
        ),
        migrations.CreateModel(
            name='TerritoryPlace',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.place')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'place'), name='territory_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_territoryplace_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('hours_wanted', models.PositiveIntegerField(default=0)),
                ('travel_mode', models.CharField(default='walk', max_length=8)),
                ('free_times', models.JSONField(default=list)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'person'), name='worker_person'), models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_worker_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('how', models.CharField(default='said', max_length=12)),
                ('since', models.DateField()),
                ('activity', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.activity')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('worker', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='jobs.worker')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'worker', 'activity'), name='skill_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_skill_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('worker', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='jobs.worker')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'worker', 'ends_at'], name='absence_worker')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='jobs_absence_tenant')],
            },
        ),
    ]
