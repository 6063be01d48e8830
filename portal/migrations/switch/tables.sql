-- What Kamailio keeps here itself. The columns are those of its own scheme (usrloc 9, dialog 7); ours stand after them.

CREATE TABLE kamailio.location (
    id serial PRIMARY KEY,
    ruid varchar(64) NOT NULL DEFAULT '',
    username varchar(64) NOT NULL DEFAULT '',
    domain varchar(127),
    contact varchar(512) NOT NULL DEFAULT '',
    received varchar(255),
    path varchar(512),
    expires timestamp NOT NULL DEFAULT '2030-05-28 21:32:15',
    q real NOT NULL DEFAULT 1.0,
    callid varchar(255) NOT NULL DEFAULT 'Default-Call-ID',
    cseq integer NOT NULL DEFAULT 1,
    last_modified timestamp NOT NULL DEFAULT '2000-01-01 00:00:01',
    flags integer NOT NULL DEFAULT 0,
    cflags integer NOT NULL DEFAULT 0,
    user_agent varchar(255) NOT NULL DEFAULT '',
    socket varchar(128),
    methods integer,
    instance varchar(255),
    reg_id integer NOT NULL DEFAULT 0,
    server_id integer NOT NULL DEFAULT 0,
    connection_id integer NOT NULL DEFAULT 0,
    keepalive integer NOT NULL DEFAULT 0,
    partition integer NOT NULL DEFAULT 0,
    -- filled by a trigger: whose it is, and since when
    public_id text NOT NULL DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 16),  -- of the signs that ids have here
    reseller_id integer,
    customer_id integer,
    subscriber_id integer,
    since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT location_ruid_idx UNIQUE (ruid),
    CONSTRAINT uq_location_public_id UNIQUE (public_id),
    CONSTRAINT fk_location_subscriber FOREIGN KEY (reseller_id, customer_id, subscriber_id)
        REFERENCES public.subscriber (reseller_id, customer_id, id)
);
CREATE INDEX ix_location_account ON kamailio.location (username, domain, contact);
CREATE INDEX ix_location_expires ON kamailio.location (expires);
CREATE INDEX ix_location_subscriber ON kamailio.location (subscriber_id);

CREATE TABLE kamailio.dialog (
    id serial PRIMARY KEY,
    hash_entry integer NOT NULL,
    hash_id integer NOT NULL,
    callid varchar(255) NOT NULL,
    from_uri varchar(255) NOT NULL,
    from_tag varchar(128) NOT NULL,
    to_uri varchar(255) NOT NULL,
    to_tag varchar(128) NOT NULL,
    caller_cseq varchar(20) NOT NULL,
    callee_cseq varchar(20) NOT NULL,
    caller_route_set varchar(512),
    callee_route_set varchar(512),
    caller_contact varchar(255) NOT NULL,
    callee_contact varchar(255) NOT NULL,
    caller_sock varchar(64) NOT NULL,
    callee_sock varchar(64) NOT NULL,
    state integer NOT NULL,
    start_time integer NOT NULL,
    timeout integer NOT NULL DEFAULT 0,
    sflags integer NOT NULL DEFAULT 0,
    iflags integer NOT NULL DEFAULT 0,
    toroute_name varchar(32),
    req_uri varchar(255) NOT NULL,
    xdata varchar(512)
);
CREATE INDEX ix_dialog_hash ON kamailio.dialog (hash_entry, hash_id);

CREATE TABLE kamailio.dialog_vars (
    id serial PRIMARY KEY,
    hash_entry integer NOT NULL,
    hash_id integer NOT NULL,
    dialog_key varchar(128) NOT NULL,
    dialog_value varchar(512) NOT NULL
);
CREATE INDEX ix_dialog_vars_hash ON kamailio.dialog_vars (hash_entry, hash_id);

-- Calls that have ended, until the portal has taken them: `answered_by` is the key of the line that answered, `peer` the peer
-- that did (or was tried last), `answered_in` the call, or the call within it, in which that was. Moments are seconds since 1970, with their fractions, as text.
CREATE TABLE kamailio.acc_cdrs (
    id bigserial PRIMARY KEY,
    start_time timestamp NOT NULL,
    end_time timestamp NOT NULL,
    duration double precision NOT NULL DEFAULT 0,
    call varchar(64),
    sip_call_id varchar(255),
    code varchar(8),
    answered_by varchar(64),
    answered_in varchar(64),
    peer varchar(64),
    setup_at varchar(32),
    ring_at varchar(32),
    answer_at varchar(32),
    inserted_at timestamptz NOT NULL DEFAULT now()
);

-- A call on its way: who calls whom, what was tried so far, and what is to be tried next. Written by the functions only.
CREATE TABLE kamailio.call (
    id text PRIMARY KEY DEFAULT replace(gen_random_uuid()::text, '-', ''),
    parent_id text REFERENCES kamailio.call ON DELETE CASCADE,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    facts jsonb NOT NULL,
    state jsonb NOT NULL,
    trace jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX ix_call_parent ON kamailio.call (parent_id);
CREATE INDEX ix_call_began ON kamailio.call (began_at);

-- What only libraries know: the numbers of emergency services by country code, and public holidays. Filled by the portal.
CREATE TABLE kamailio.emergency_number (
    cc text NOT NULL,
    number text NOT NULL,
    PRIMARY KEY (cc, number)
);

CREATE TABLE kamailio.holiday (
    country text NOT NULL,
    region text NOT NULL DEFAULT '',
    day date NOT NULL,
    PRIMARY KEY (country, region, day)
);
