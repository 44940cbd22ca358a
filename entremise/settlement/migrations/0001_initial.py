import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.base
import entremise.tenancy.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agreements', '0001_initial'),
        ('documents', '0001_initial'),
        ('payments', '0001_initial'),
        ('people', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit Note')], default='invoice', max_length=12)),
                ('number', models.CharField(max_length=40)),
                ('month', models.DateField()),
                ('issued_on', models.DateField()),
                ('due_on', models.DateField()),
                ('total', models.BigIntegerField()),
                ('split', models.JSONField(default=dict)),
                ('entry', models.UUIDField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('issued_at', models.DateTimeField()),
                ('client', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('corrects', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='settlement.invoice')),
                ('document', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'client', 'month'], name='invoice_client'), models.Index(fields=['organisation', 'month'], name='invoice_month')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='invoice_number'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_invoice_tenant')],
            },
        ),
        migrations.CreateModel(
            name='InvoiceLine',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('label', models.CharField(max_length=160)),
                ('minutes', models.PositiveIntegerField(default=0)),
                ('unit_price', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('agreement', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                ('fulfilment', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.fulfilment')),
                ('invoice', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='settlement.invoice')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('fulfilment__isnull', False)), fields=('organisation', 'fulfilment'), name='billed_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_invoiceline_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Payslip',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40)),
                ('month', models.DateField()),
                ('minutes', models.PositiveIntegerField()),
                ('gross', models.BigIntegerField()),
                ('net', models.BigIntegerField()),
                ('paid', models.BigIntegerField()),
                ('employer_cost', models.BigIntegerField()),
                ('entry', models.UUIDField()),
                ('issued_at', models.DateTimeField()),
                ('document', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('worker', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'worker', 'month'], name='payslip_worker'), models.Index(fields=['organisation', 'month'], name='payslip_month')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='payslip_number'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_payslip_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField()),
                ('how', models.CharField(default='transfer', max_length=12)),
                ('iban', models.CharField(blank=True, max_length=34)),
                ('state', models.CharField(default='ordered', max_length=12)),
                ('hold', models.UUIDField(null=True)),
                ('ordered_at', models.DateTimeField()),
                ('paid_at', models.DateTimeField(null=True)),
                ('file', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.bankfile')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('payslip', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='settlement.payslip')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'state'], name='payout_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['ordered', 'paid'])), fields=('organisation', 'payslip'), name='paid_out_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_payout_tenant')],
            },
        ),
        migrations.CreateModel(
            name='PaidWork',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('minutes', models.PositiveIntegerField()),
                ('hourly', models.BigIntegerField()),
                ('fulfilment', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.fulfilment')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('payslip', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work', to='settlement.payslip')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'fulfilment'), name='paid_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_paidwork_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('base', models.BigIntegerField()),
                ('employee', models.BigIntegerField()),
                ('employer', models.BigIntegerField()),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('payslip', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='settlement.payslip')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'payslip', 'code'), name='contribution_code'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_contribution_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('how', models.CharField(max_length=12)),
                ('amount', models.BigIntegerField()),
                ('received_on', models.DateField()),
                ('entry', models.UUIDField(null=True)),
                ('key', models.CharField(max_length=120)),
                ('invoice', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='settlement.invoice')),
                ('line', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.bankline')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='receipt_key'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_receipt_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('state', models.CharField(default='open', max_length=12)),
                ('started_at', models.DateTimeField()),
                ('started_by', models.UUIDField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'month'), name='run_month'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_run_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('payslip', 'Payslip')], max_length=8)),
                ('pass_number', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(default='to_do', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('done_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('run', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='settlement.run')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'run', 'state'], name='item_state')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'run', 'kind', 'person', 'pass_number'), name='item_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='settlement_item_tenant')],
            },
        ),
    ]
