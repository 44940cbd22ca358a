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
            name='BankFile',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('in', 'In'), ('out', 'Out')], max_length=3)),
                ('name', models.CharField(max_length=120)),
                ('message_id', models.CharField(max_length=60)),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('lines', models.PositiveIntegerField(default=0)),
                ('total', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'way', 'sha256'), name='bank_file_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='payments_bankfile_tenant')],
            },
        ),
        migrations.CreateModel(
            name='BankLine',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('booked_on', models.DateField()),
                ('amount', models.BigIntegerField()),
                ('asset', models.CharField(default='EUR', max_length=8)),
                ('reference', models.CharField(blank=True, max_length=140)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('counterparty', models.CharField(blank=True, max_length=140)),
                ('counterparty_iban', models.CharField(blank=True, max_length=34)),
                ('reversal', models.BooleanField(default=False)),
                ('state', models.CharField(default='unmatched', max_length=12)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('entry', models.UUIDField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.UUIDField(null=True)),
                ('file', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payments.bankfile')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'state', 'booked_on'], name='bank_line_state')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='bank_line_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='payments_bankline_tenant')],
            },
        ),
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('iban', models.CharField(max_length=34)),
                ('bic', models.CharField(blank=True, max_length=11)),
                ('holder', models.CharField(max_length=80)),
                ('since', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'person', 'since'], name='bank_account_person')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='payments_bankaccount_tenant')],
            },
        ),
    ]
