from django.db import migrations

# Which guilds there are, for the clock's errands (checkpoints, audits, reminders): ids alone, kept by a trigger,
# read through one function. A worker has no guild until it knows for which one there is work.
ATTENDED = [
    "CREATE SCHEMA IF NOT EXISTS errands",
    "REVOKE ALL ON SCHEMA errands FROM PUBLIC",
    "CREATE TABLE errands.guild (guild_id uuid PRIMARY KEY REFERENCES tenancy_guild (id) ON DELETE CASCADE)",
    "REVOKE ALL ON errands.guild FROM dreamscape_app, dreamscape_auditor, PUBLIC",
    """
    CREATE FUNCTION errands.note_guild() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    BEGIN
        INSERT INTO errands.guild (guild_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$
    """,
    "REVOKE ALL ON FUNCTION errands.note_guild() FROM PUBLIC",
    "CREATE TRIGGER attended AFTER INSERT ON tenancy_guild FOR EACH ROW EXECUTE FUNCTION errands.note_guild()",
    # Guilds from before this trigger; the owner, too, is behind the wall until it is lifted for this statement.
    "ALTER TABLE tenancy_guild NO FORCE ROW LEVEL SECURITY",
    "INSERT INTO errands.guild (guild_id) SELECT id FROM tenancy_guild ON CONFLICT DO NOTHING",
    "ALTER TABLE tenancy_guild FORCE ROW LEVEL SECURITY",
    """
    CREATE FUNCTION tenancy_guild_ids() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT guild_id FROM errands.guild ORDER BY guild_id
    $$
    """,
    "REVOKE ALL ON FUNCTION tenancy_guild_ids() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION tenancy_guild_ids() TO dreamscape_app",
]


class Migration(migrations.Migration):
    dependencies = [("guild", "0004_rows_stay_in_their_guild"), ("lounges", "0002_dreamscapes")]

    operations = [migrations.RunSQL(ATTENDED)]
