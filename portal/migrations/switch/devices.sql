-- What happens by itself: whose a registration is, devices that were not seen before, phones that are let go, reloads.

CREATE OR REPLACE FUNCTION kamailio.whose_it_is() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT line.reseller_id, line.customer_id, line.id INTO NEW.reseller_id, NEW.customer_id, NEW.subscriber_id
    FROM public.subscriber line
    JOIN public.sip_domain ON sip_domain.id = line.domain_id AND sip_domain.removed_at IS NULL
    WHERE line.username = NEW.username AND sip_domain.domain = NEW.domain AND line.status <> 'terminated';
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION kamailio.device_seen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its_mark text := coalesce(nullif(NEW.instance, ''), NEW.user_agent);
    known integer;
BEGIN
    -- Phones sign in again and again: none waits for the disk, and a crash forgets the last half second of them.
    PERFORM set_config('synchronous_commit', 'off', true);
    IF NEW.subscriber_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.device SET last_seen_at = now()
    WHERE subscriber_id = NEW.subscriber_id AND mark = its_mark AND (last_seen_at < now() - interval '1 minute' OR TG_OP = 'INSERT');
    IF FOUND OR TG_OP = 'UPDATE' THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO known FROM public.device WHERE subscriber_id = NEW.subscriber_id;
    INSERT INTO public.device (subscriber_id, mark, reseller_id, customer_id, user_agent, first_seen_at, last_seen_at)
    VALUES (NEW.subscriber_id, its_mark, NEW.reseller_id, NEW.customer_id, NEW.user_agent, now(), now())
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.job (kind, payload, created_at, due_at, tries) VALUES (
        'device-new',
        jsonb_build_object('subscriber', NEW.subscriber_id, 'mark', its_mark, 'user_agent', NEW.user_agent,
            'address', coalesce(NEW.received, NEW.contact), 'first', known = 0),
        now(), now(), 0
    );
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END $$;

-- What From was before it was replaced is needed for its looks only, so no call waits until that is on the disk.
CREATE OR REPLACE FUNCTION kamailio.waits_not() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN NULL;
END $$;

-- Whoever may not call any more, or has a new password, has no phone signed in.
CREATE OR REPLACE FUNCTION kamailio.let_go_of_phones() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM kamailio.location WHERE subscriber_id = NEW.id;
    RETURN NULL;
END $$;

-- Kamailio keeps domains and peers in mind: it is told to read them again, once this is committed.
CREATE OR REPLACE FUNCTION kamailio.tell_switch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.job (kind, payload, created_at, due_at, tries)
    VALUES ('switch-reload', jsonb_build_object('what', TG_ARGV[0]), now(), now(), 0);
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION kamailio.call_ended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('calls', '');
    RETURN NULL;
END $$;
