-- Who may do and see what: people, their sessions, roles and keys; and the warehouses of an order, by which a right is narrowed.
-- All of it is small and whole on each node. The library that signs people in writes the tables with timestamps; times are
-- epoch milliseconds everywhere else.

alter table order_row add column warehouses text[];

-- `handle` names the person in ledger and audit (`user:anna`) and never changes; `mail` is in lower case.
create table person (
  id text primary key,
  handle text not null unique,
  name text not null,
  mail text not null unique,
  mail_verified boolean not null,
  image text,
  status text not null,
  language text,
  teams text[] not null,
  two_factor boolean not null default false,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- How a person proves who they are: a password (scrypt), or the account of an identity provider.
create table account (
  id text primary key,
  person text not null,
  provider text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider, account_id)
);

create index account_person on account (person);

-- `expires_at` moves on while the session is used, and never beyond what `created_at` allows. The token alone is no cookie:
-- that carries a signature beside it.
create table session (
  id text primary key,
  person text not null,
  token text not null unique,
  address text,
  agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index session_person on session (person);

create table two_factor (
  id text primary key,
  person text not null unique,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default false,
  failed_count integer not null default 0,
  locked_until timestamptz
);

-- Short-lived state of a sign-in that is under way.
create table verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index verification_identifier on verification (identifier);

-- One-time links: first run, invitation, reset, sign-in. Only a digest of the token is kept.
create table ticket (
  digest bytea primary key,
  kind text not null,
  person text not null,
  created_at bigint not null,
  expires_at bigint not null
);

create index ticket_person on ticket (person);

-- One-time codes that were used, so that none counts twice while it is still valid.
create table used_code (
  digest bytea primary key,
  expires_at bigint not null
);

-- Failed tries by account and by address.
create table throttle (
  digest bytea primary key,
  failures integer not null,
  since bigint not null,
  until bigint not null
);

-- The roles that people made; the built-in ones are in the code. The newest version counts.
create table role (
  id text not null,
  version integer not null,
  name_zh text not null,
  name_en text not null,
  cells json not null,
  retired boolean not null,
  actor text not null,
  at bigint not null,
  primary key (id, version)
);

-- Who has which role, and over which shops and warehouses; null: all of them.
create table assignment (
  person text not null,
  n smallint not null,
  role text not null,
  shops text[],
  warehouses text[],
  primary key (person, n)
);

create table api_key (
  id text primary key,
  handle text not null unique,
  name text not null,
  rights text[] not null,
  shops text[],
  warehouses text[],
  addresses text[] not null,
  rate integer not null,
  quota integer,
  status text not null,
  expires_at bigint,
  last_used_at bigint,
  last_address text,
  version integer not null,
  actor text not null,
  created_at bigint not null
);

-- The secrets of a key: one, or two while it is being changed. `hint` is the part that may be shown.
create table api_secret (
  hint text primary key,
  key text not null,
  digest bytea not null,
  created_at bigint not null,
  expires_at bigint
);

create index api_secret_key on api_secret (key);

create table api_use (
  key text not null,
  day integer not null,
  n bigint not null,
  primary key (key, day)
);
