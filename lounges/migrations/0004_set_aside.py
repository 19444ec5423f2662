
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lounges', '0003_corrections'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contribution',
            name='one_loan_of_a_dream_a_session',
        ),
        migrations.AlterField(
            model_name='blendrun',
            name='because',
            field=models.CharField(blank=True, choices=[('withdrawn', 'a dream in it was withdrawn'), ('unquoted', 'the words of a dream in it may not be shown any longer'), ('expired', 'the consent to a dream in it ran out'), ('corrected', 'a dream in it was corrected'), ('restricted', 'a dream in it was set aside by its dreamer'), ('shallower', 'a dream in it may be blended less deeply now'), ('ended', 'the guild ended the consent to a dream in it')], max_length=20),
        ),
        migrations.AlterField(
            model_name='contribution',
            name='state',
            field=models.CharField(choices=[('lent', 'lent'), ('restricted', 'set aside'), ('withdrawn', 'withdrawn')], default='lent', max_length=20),
        ),
        migrations.AlterField(
            model_name='sessionevent',
            name='type',
            field=models.CharField(choices=[('session.opened', 'Session Opened'), ('participant.joined', 'Participant Joined'), ('participant.stepped_out', 'Participant Stepped Out'), ('participant.returned', 'Participant Returned'), ('dream.shared', 'Dream Shared'), ('dream.withdrawn', 'Dream Withdrawn'), ('dream.restricted', 'Dream Restricted'), ('dream.restated', 'Dream Restated'), ('association.added', 'Association Added'), ('stage.changed', 'Stage Changed'), ('blend.requested', 'Blend Requested'), ('blend.finished', 'Blend Finished'), ('blend.failed', 'Blend Failed'), ('dreamscape.superseded', 'Dreamscape Superseded'), ('session.closed', 'Session Closed')], max_length=40),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('guild', 'session', 'dream_id'), name='one_loan_of_a_dream_a_session'),
        ),
    ]
