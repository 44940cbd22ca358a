import django.db.models.deletion
import entremise.kernel.ids
import entremise.tenancy.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('value', models.DecimalField(decimal_places=8, max_digits=20)),
                ('unit', models.CharField(max_length=24)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('source', models.CharField(max_length=300)),
                ('verified', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('country', models.CharField(default='FR', max_length=2)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('country', 'key', 'valid_from'), name='figure_from')],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.UUIDField(default=entremise.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('value', models.DecimalField(decimal_places=8, max_digits=20)),
                ('unit', models.CharField(max_length=24)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('source', models.CharField(max_length=300)),
                ('set_by', models.UUIDField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, default=entremise.tenancy.scope.current, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key', 'valid_from'), name='override_from'), models.UniqueConstraint(fields=('organisation', 'id'), name='figures_override_tenant')],
            },
        ),
    ]
