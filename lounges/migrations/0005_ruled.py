from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lounges', '0004_set_aside'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blendrun',
            name='because',
            field=models.CharField(blank=True, choices=[('withdrawn', 'a dream in it was withdrawn'), ('unquoted', 'the words of a dream in it may not be shown any longer'), ('expired', 'the consent to a dream in it ran out'), ('corrected', 'a dream in it was corrected'), ('restricted', 'a dream in it was set aside by its dreamer'), ('shallower', 'a dream in it may be blended less deeply now'), ('ended', 'the guild ended the consent to a dream in it'), ('ruled', 'a ruling on a finding asked for it')], max_length=20),
        ),
    ]
