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
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('text', 'Text'), ('email', 'Email'), ('post', 'Post'), ('voice', 'Voice')], max_length=8)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('template', models.CharField(max_length=60)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField()),
                ('key', models.CharField(max_length=120)),
                ('about', models.CharField(blank=True, max_length=40)),
                ('about_id', models.UUIDField(null=True)),
                ('state', models.CharField(default='queued', max_length=12)),
                ('queued_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'state', 'due_at'], name='letter_due'), models.Index(fields=['organisation', 'person', 'queued_at'], name='letter_person'), models.Index(fields=['organisation', 'about_id'], name='letter_about')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='letter_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='messaging_letter_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Enclosure',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('document', models.UUIDField()),
                ('name', models.CharField(max_length=120)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('letter', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enclosures', to='messaging.letter')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='messaging_enclosure_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=120)),
                ('about', models.CharField(blank=True, max_length=40)),
                ('about_id', models.UUIDField(null=True)),
                ('params', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.UUIDField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=200)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'done_at', 'due_at'], name='task_open')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='task_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='messaging_task_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('answered_by', models.UUIDField(null=True)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=20)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('about_id', models.UUIDField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'started_at'], name='call_started')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='messaging_call_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Incoming',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120)),
                ('channel', models.CharField(choices=[('text', 'Text'), ('email', 'Email'), ('post', 'Post'), ('voice', 'Voice')], max_length=8)),
                ('sender', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('received_at', models.DateTimeField()),
                ('meaning', models.CharField(blank=True, max_length=20)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('handled_at', models.DateTimeField(null=True)),
                ('handled_by', models.UUIDField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'handled_at', 'received_at'], name='incoming_waiting')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='incoming_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='messaging_incoming_tenant')],
            },
        ),
    ]
