-- Types and functions the tables need. Run as role mastodon, the owner of everything that follows.
CREATE TYPE status_visibility AS ENUM ('public', 'unlisted', 'private', 'direct', 'limited');
CREATE TYPE sign_up_state AS ENUM ('pending', 'approved', 'rejected');
ALTER TYPE sign_up_state ADD VALUE 'waitlisted' BEFORE 'approved';

CREATE DOMAIN email_address AS text
    CONSTRAINT email_address_has_an_at CHECK (VALUE LIKE '%_@_%');

CREATE TYPE geo_point AS (latitude double precision, longitude double precision);

-- 48 bits of milliseconds, then 16 bits that two rows of one millisecond do not share.
CREATE FUNCTION timestamp_id(table_name text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    milliseconds bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
    ordinal bigint := nextval(table_name || '_id_seq');
BEGIN
    RETURN (milliseconds << 16) | ((ordinal * 40503 + hashtext(table_name)) & 65535);
END
$$;
COMMENT ON FUNCTION timestamp_id(text) IS 'ids that sort by age; needs the sequence <table>_id_seq';

CREATE FUNCTION touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE FUNCTION count_favourites() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE status_stats SET favourites_count = favourites_count + 1 WHERE status_id = NEW.status_id;
    ELSE
        UPDATE status_stats SET favourites_count = favourites_count - 1 WHERE status_id = OLD.status_id;
    END IF;
    RETURN NULL;
END
$$;
