from django.db import migrations, models

# Appending in one round trip. The function runs with its caller's rights, behind the caller's walls: it gives
# nothing that INSERT does not. It is volatile, so that what it reads after it took the lock sees all that was
# committed before. The lock is that of governance/ledger/services.py; the hashes are those of tree.py beside it,
# to which the tests hold it.
APPEND = [
    """
    CREATE FUNCTION ledger_append(
        of_guild uuid, of_kind text, happened timestamptz, bytes bytea,
        OUT size bigint, OUT hashed bytea, OUT completed bytea
    )
    LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
        last_hash bytea;
        last_subtrees bytea;
        joined bytea;
        sibling bytea;
        level integer := 0;
    BEGIN
        PERFORM pg_advisory_xact_lock(2021092, hashtext(of_guild::text));
        SELECT l.index + 1, l.leaf_hash, l.subtrees INTO size, last_hash, last_subtrees
          FROM public.ledger_leaf l WHERE l.guild_id = of_guild ORDER BY l.index DESC LIMIT 1;
        size := coalesce(size, 0);
        hashed := sha256('\\x00'::bytea || bytes);
        completed := '';
        joined := hashed;
        WHILE (size >> level) & 1 = 1 LOOP
            IF level = 0 THEN
                sibling := last_hash;
            ELSE
                SELECT substr(l.subtrees, 32 * level - 31, 32) INTO sibling FROM public.ledger_leaf l
                 WHERE l.guild_id = of_guild AND l.index = ((size >> level) << level) - 1;
            END IF;
            IF length(sibling) IS DISTINCT FROM 32 THEN
                RAISE EXCEPTION 'The log lacks the subtree of level % before leaf %.', level, size
                    USING ERRCODE = 'data_corrupted';
            END IF;
            joined := sha256('\\x01'::bytea || sibling || joined);
            completed := completed || joined;
            level := level + 1;
        END LOOP;
        INSERT INTO public.ledger_leaf (guild_id, index, kind, at, entry, leaf_hash, subtrees)
        VALUES (of_guild, size, of_kind, happened, bytes, hashed, completed);
    END $$
    """,
    "REVOKE ALL ON FUNCTION ledger_append(uuid, text, timestamptz, bytea) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION ledger_append(uuid, text, timestamptz, bytea) TO dreamscape_app",
]
REMOVE = ["DROP FUNCTION ledger_append(uuid, text, timestamptz, bytea)"]


class Migration(migrations.Migration):
    dependencies = [("governance", "0005_rulings")]

    operations = [
        migrations.RunSQL(APPEND, REMOVE),
        migrations.AddIndex(  # whoever reads the log block by block reads the lists beside its leaves with it
            model_name="usesubject",
            index=models.Index(fields=["guild_id", "leaf_index"], name="uses_at_leaf"),
        ),
    ]
