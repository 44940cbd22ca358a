import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.base
import entremise.tenancy.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('side', models.CharField(choices=[('request', 'Request'), ('offer', 'Offer')], max_length=8)),
                ('what', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('details', models.CharField(blank=True, max_length=500)),
                ('street', models.CharField(blank=True, max_length=120)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('recurrence', models.CharField(blank=True, max_length=120)),
                ('slots', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(default='open', max_length=12)),
                ('posted_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.place')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'side', 'state', 'starts_at'], name='listing_open'), models.Index(fields=['organisation', 'person', 'posted_at'], name='listing_person')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='listing_number'), models.UniqueConstraint(fields=('organisation', 'id'), name='market_listing_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='offered', max_length=12)),
                ('slot', models.PositiveSmallIntegerField(null=True)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('channel', models.CharField(max_length=8)),
                ('offered_at', models.DateTimeField()),
                ('deadline', models.DateTimeField()),
                ('offered_by', models.UUIDField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_door', models.CharField(blank=True, max_length=10)),
                ('override', models.JSONField(blank=True, default=dict)),
                ('listing', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='market.listing')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'person', 'state'], name='proposal_person'), models.Index(fields=['organisation', 'state', 'deadline'], name='proposal_deadline')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'listing', 'person', 'round'), name='proposal_once'), models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('organisation', 'listing', 'slot'), name='proposal_slot_taken_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='market_proposal_tenant')],
            },
        ),
    ]
