from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("colonies", "0006_reminders")]
    operations = []
