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
            name='Document',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30)),
                ('number', models.CharField(max_length=40)),
                ('template', models.CharField(max_length=40)),
                ('language', models.CharField(default='fr', max_length=8)),
                ('data', models.JSONField()),
                ('about', models.CharField(blank=True, max_length=40)),
                ('about_id', models.UUIDField(null=True)),
                ('issued_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
                ('person', entremise.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['organisation', 'person', 'issued_at'], name='document_person'), models.Index(fields=['organisation', 'about_id'], name='document_about')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'kind', 'number'), name='document_number'), models.UniqueConstraint(fields=('organisation', 'id'), name='documents_document_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Print',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('document', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='documents.document')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'document'), name='print_once'), models.UniqueConstraint(fields=('organisation', 'id'), name='documents_print_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('content', models.BinaryField()),
                ('mime', models.CharField(max_length=40)),
                ('sha256', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField()),
                ('received_by', models.UUIDField(null=True)),
                ('document', entremise.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='documents.document')),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'id'), name='documents_scan_tenant')],
            },
        ),
    ]
