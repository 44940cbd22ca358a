import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.base
import entremise.tenancy.scope
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('login', models.CharField(max_length=60, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('is_active', models.BooleanField(default=True)),
                ('operates_network', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='people_household_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('individual', 'Individual'), ('company', 'Company'), ('association', 'Association'), ('local_authority', 'Local Authority')], default='individual', max_length=16)),
                ('title', models.CharField(blank=True, max_length=12)),
                ('given_name', models.CharField(blank=True, max_length=60)),
                ('family_name', models.CharField(max_length=80)),
                ('birth_date', models.DateField(blank=True, null=True)),
                ('street', models.CharField(blank=True, max_length=120)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('located_at', models.DateTimeField(blank=True, null=True)),
                ('language', models.CharField(default='fr', max_length=8)),
                ('remarks', models.JSONField(blank=True, default=list)),
                ('prefers_call', models.BooleanField(default=False)),
                ('search_text', models.CharField(db_default='', max_length=300)),
                ('import_key', models.CharField(blank=True, max_length=60)),
                ('known_since', models.DateTimeField()),
                ('visits_ended', models.PositiveSmallIntegerField(default=0)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', entremise.tenancy.base.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='people.household')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'family_name', 'given_name'], name='person_name')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('account__isnull', False)), fields=('organisation', 'account'), name='person_account'), models.UniqueConstraint(condition=models.Q(('import_key', ''), _negated=True), fields=('organisation', 'import_key'), name='person_import_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='people_person_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('pass_iae', 'Pass Iae'), ('right_to_work', 'Right To Work'), ('nir', 'Nir'), ('siret', 'Siret'), ('driving_licence', 'Driving Licence'), ('tax_rate', 'Tax Rate')], max_length=20)),
                ('number', models.CharField(blank=True, max_length=40)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('suspended_from', models.DateField(blank=True, null=True)),
                ('suspended_to', models.DateField(blank=True, null=True)),
                ('checked_on', models.DateField()),
                ('checked_by', models.UUIDField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'person', 'kind'], name='paper_of_person')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='people_paper_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('coordinator', 'coordinator'), ('support_worker', 'support_worker'), ('treasurer', 'treasurer'), ('director', 'director'), ('worker', 'worker'), ('client', 'client'), ('network_operator', 'network_operator')], max_length=20)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'role', 'until'], name='membership_role')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('organisation', 'person', 'role'), name='one_open_role'), models.UniqueConstraint(fields=('organisation', 'id'), name='people_membership_tenant')],
            },
        ),
        migrations.CreateModel(
            name='EntryKey',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('code', 'Code'), ('link', 'Link'), ('card', 'Card')], max_length=8)),
                ('digest', models.CharField(max_length=64)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('leads_to', models.CharField(blank=True, max_length=120)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entry_keys', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'person', 'kind'], name='entry_key_person')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'digest'), name='entry_key_digest'), models.UniqueConstraint(fields=('organisation', 'id'), name='people_entrykey_tenant')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'Email')], max_length=8)),
                ('value', models.CharField(max_length=120)),
                ('backwards', models.CharField(max_length=120)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('texts', models.BooleanField(default=False)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'value'], name='contact_value'), models.Index(fields=['organisation', 'backwards'], name='contact_backwards')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'person', 'kind', 'value'), name='contact_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='people_contactpoint_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=40)),
                ('given', models.BooleanField()),
                ('wording', models.CharField(max_length=20)),
                ('how', models.CharField(max_length=10)),
                ('taken_by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='people_consent_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=10)),
                ('postcode', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('search_text', models.CharField(max_length=120)),
                ('country', models.CharField(default='FR', max_length=2)),
            ],
            options={
                'indexes': [models.Index(fields=['search_text'], name='place_search')],
                'constraints': [models.UniqueConstraint(fields=('country', 'code', 'postcode'), name='place_code')],
            },
        ),
        migrations.AddField(
            model_name='person',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.place'),
        ),
    ]
