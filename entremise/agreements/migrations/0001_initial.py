import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.base
import entremise.tenancy.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0001_initial'),
        ('market', '0001_initial'),
        ('people', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40)),
                ('mode', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('state', models.CharField(default='drawn_up', max_length=12)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('terms', models.JSONField(default=dict)),
                ('drawn_up_at', models.DateTimeField()),
                ('active_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('listing', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.listing')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'state', 'starts_on'], name='agreement_state'), models.Index(fields=['organisation', 'listing'], name='agreement_listing')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='agreement_number'), models.UniqueConstraint(fields=('organisation', 'id'), name='agreements_agreement_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Fulfilment',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('occasion', models.UUIDField()),
                ('day', models.DateField()),
                ('minutes', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=80)),
                ('by', models.UUIDField(null=True)),
                ('on_behalf_of', models.UUIDField(null=True)),
                ('door', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('agreement', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilments', to='agreements.agreement')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('replaces', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.fulfilment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'occasion'], name='fulfilment_occasion'), models.Index(fields=['organisation', 'day'], name='fulfilment_day')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='fulfilment_key'), models.UniqueConstraint(condition=models.Q(('replaces__isnull', False)), fields=('organisation', 'replaces'), name='replaced_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='agreements_fulfilment_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('answer', models.CharField(max_length=10)),
                ('minutes', models.PositiveIntegerField()),
                ('by', models.UUIDField(null=True)),
                ('door', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('fulfilment', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='agreements.fulfilment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'fulfilment'), name='confirmed_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='agreements_confirmation_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=20)),
                ('must_sign', models.BooleanField(default=True)),
                ('agreement', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='agreements.agreement')),
                ('document', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'person'], name='party_person')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'agreement', 'role'), name='one_party_a_role'), models.UniqueConstraint(fields=('organisation', 'id'), name='agreements_party_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('asset', models.CharField(max_length=8)),
                ('quantity', models.BigIntegerField()),
                ('due_on', models.DateField(null=True)),
                ('agreement', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='agreements.agreement')),
                ('giver', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gives', to='agreements.party')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('taker', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takes', to='agreements.party')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'agreement', 'kind'), name='promise_kind'), models.UniqueConstraint(fields=('organisation', 'id'), name='agreements_promise_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('how', models.CharField(max_length=10)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('agreement', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreements.agreement')),
                ('document', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('party', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreements.party')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'party'), name='party_signs_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='agreements_signature_tenant')],
            },
        ),
    ]
