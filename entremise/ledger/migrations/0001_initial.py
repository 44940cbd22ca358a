import datetime
import django.db.models.deletion
import django.db.models.expressions
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
            name='Account',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('asset', models.CharField(max_length=8)),
                ('holder', models.UUIDField(null=True)),
                ('floor', models.BigIntegerField(null=True)),
                ('ceiling', models.BigIntegerField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'code', 'holder', 'asset'), name='account_held'), models.UniqueConstraint(condition=models.Q(('holder', None)), fields=('organisation', 'code', 'asset'), name='account_own'), models.CheckConstraint(condition=models.Q(('floor', None), ('floor__lte', 0), _connector='OR'), name='account_floor'), models.CheckConstraint(condition=models.Q(('ceiling', None), ('ceiling__gte', 0), _connector='OR'), name='account_ceiling'), models.UniqueConstraint(fields=('organisation', 'id'), name='ledger_account_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Books',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('closed_to', models.DateField(default=datetime.date(1, 1, 1))),
                ('folded_to', models.DateField(default=datetime.date(1, 1, 1))),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation',), name='one_set_of_books'), models.UniqueConstraint(fields=('organisation', 'id'), name='ledger_books_tenant')],
            },
        ),
        migrations.CreateModel(
            name='BoundedBalance',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('floor', models.BigIntegerField(null=True)),
                ('ceiling', models.BigIntegerField(null=True)),
                ('posted', models.BigIntegerField(default=0)),
                ('pending_in', models.BigIntegerField(default=0)),
                ('pending_out', models.BigIntegerField(default=0)),
                ('account', entremise.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'account'), name='bounded_account'), models.CheckConstraint(condition=models.Q(('pending_in__gte', 0), ('pending_out__gte', 0)), name='bounded_pending'), models.CheckConstraint(condition=models.Q(('floor', None), ('posted__gte', django.db.models.expressions.CombinedExpression(models.F('floor'), '+', models.F('pending_out'))), _connector='OR'), name='bounded_floor'), models.CheckConstraint(condition=models.Q(('ceiling', None), ('posted__lte', django.db.models.expressions.CombinedExpression(models.F('ceiling'), '-', models.F('pending_in'))), _connector='OR'), name='bounded_ceiling'), models.UniqueConstraint(fields=('organisation', 'id'), name='ledger_boundedbalance_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Fold',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('debit', models.BigIntegerField()),
                ('credit', models.BigIntegerField()),
                ('pending_in', models.BigIntegerField()),
                ('pending_out', models.BigIntegerField()),
                ('account', entremise.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'account', 'day'), name='fold_day'), models.UniqueConstraint(fields=('organisation', 'id'), name='ledger_fold_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField()),
                ('entry', models.UUIDField()),
                ('line', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=120)),
                ('request_hash', models.CharField(max_length=64)),
                ('cause', models.CharField(max_length=40)),
                ('cause_id', models.UUIDField(null=True)),
                ('label', models.CharField(max_length=120)),
                ('effective_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('phase', models.CharField(choices=[('posted', 'Posted'), ('pending', 'Pending'), ('posts', 'Posts'), ('voids', 'Voids')], max_length=8)),
                ('expires_at', models.DateTimeField(null=True)),
                ('credit', entremise.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('debit', entremise.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('resolves', entremise.tenancy.base.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.transfer')),
                ('reverses', entremise.tenancy.base.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.transfer')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'debit', 'recorded_at'], name='transfer_debit'), models.Index(fields=['organisation', 'credit', 'recorded_at'], name='transfer_credit'), models.Index(condition=models.Q(('expires_at', None), _negated=True), fields=['organisation', 'expires_at'], name='transfer_expiring')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key', 'line'), name='transfer_key'), models.UniqueConstraint(condition=models.Q(('resolves', None), _negated=True), fields=('organisation', 'resolves'), name='transfer_resolved_once'), models.UniqueConstraint(condition=models.Q(('reverses', None), _negated=True), fields=('organisation', 'reverses'), name='transfer_reversed_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='transfer_amount'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='transfer_two_accounts'), models.CheckConstraint(condition=models.Q(models.Q(('phase__in', ['posts', 'voids']), ('resolves__isnull', False)), models.Q(('phase__in', ['posted', 'pending']), ('resolves__isnull', True)), _connector='OR'), name='transfer_phase'), models.UniqueConstraint(fields=('organisation', 'id'), name='ledger_transfer_tenant')],
            },
        ),
    ]
