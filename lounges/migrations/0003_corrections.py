from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lounges", "0002_dreamscapes")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="revision",
            field=models.PositiveIntegerField(default=1, help_text="Of the copy: 2 after its first correction."),
        ),
        migrations.AddField(
            model_name="association",
            name="key_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="blendvoice",
            name="revision",
            field=models.PositiveIntegerField(default=1, help_text="Of the lent copy, as it was blended."),
        ),
    ]
