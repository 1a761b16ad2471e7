-- Who made the file and with which settings; see `header.rs`.
CREATE TABLE header(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- One row: counts, and how far postings are filed.
CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), counts BLOB NOT NULL, seal INTEGER NOT NULL);
-- A story as it came, but for its text. Class 0: a story without a token.
CREATE TABLE stories(
    story INTEGER PRIMARY KEY, class INTEGER NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
    time INTEGER, nanos INTEGER NOT NULL, added INTEGER NOT NULL, dispatch TEXT, seal INTEGER NOT NULL);
CREATE INDEX stories_of_class ON stories(class);
-- Headline, body, language and furniture as they came: JSON, packed with Zstandard.
CREATE TABLE texts(story INTEGER PRIMARY KEY, text BLOB NOT NULL);
-- Stories of one token sequence, which are compared once.
CREATE TABLE classes(
    class INTEGER PRIMARY KEY, identity BLOB NOT NULL, tokens INTEGER NOT NULL, shingles INTEGER NOT NULL,
    script INTEGER NOT NULL, bands BLOB NOT NULL, stories INTEGER NOT NULL, least INTEGER NOT NULL,
    kept INTEGER NOT NULL, ties INTEGER NOT NULL, leader INTEGER NOT NULL, cluster INTEGER,
    seal INTEGER NOT NULL);
CREATE INDEX classes_of_cluster ON classes(cluster) WHERE cluster IS NOT NULL;
-- Verified relations of two classes, from both sides.
CREATE TABLE ties(
    a INTEGER NOT NULL, b INTEGER NOT NULL, relation INTEGER NOT NULL, shared INTEGER NOT NULL,
    evidence BLOB, seal INTEGER NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID;
-- Two stories or more. The number is that of the canonical.
CREATE TABLE clusters(
    cluster INTEGER PRIMARY KEY, classes INTEGER NOT NULL, stories INTEGER NOT NULL,
    weakest INTEGER NOT NULL, seal INTEGER NOT NULL);
-- Classes of components too large to be cut anew at every step.
CREATE TABLE stale(class INTEGER PRIMARY KEY);
-- Postings, see `postings.rs`: classes by band key and identity, stories by id, classes by rare
-- shingle, classes by shingle of the headline and of a notice.
CREATE TABLE bands(bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL);
CREATE TABLE ids(bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL);
CREATE TABLE rare(bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL);
CREATE TABLE headlines(bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL);
CREATE TABLE notices(bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL);
-- Keys of classes that are not filed yet, and that their rows do not hold.
CREATE TABLE unfiled(class INTEGER PRIMARY KEY, keys BLOB NOT NULL, seal INTEGER NOT NULL);
-- How many of the sampled stories hold a stem.
CREATE TABLE frequencies(one INTEGER PRIMARY KEY CHECK(one = 1), stories INTEGER NOT NULL, counts BLOB NOT NULL, seal INTEGER NOT NULL);
-- Where `watch` has come to.
CREATE TABLE watched(source TEXT PRIMARY KEY, mark TEXT NOT NULL) WITHOUT ROWID;
