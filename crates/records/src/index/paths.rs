/// Where a table's backup lies in its bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupPaths {
    prefix: String,
    table: String,
}

impl BackupPaths {
    /// The backup of `table` below `prefix`, which may be empty and may end in a slash.
    pub fn new(prefix: impl Into<String>, table: impl Into<String>) -> Self {
        let mut prefix: String = prefix.into();
        while prefix.ends_with('/') {
            prefix.pop();
        }
        Self {
            prefix,
            table: table.into(),
        }
    }

    /// The prefix, without a slash at its end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// What stands before the hash in the names of one-object-per-record backups. An empty prefix
    /// leaves a leading slash, as the older tool does.
    pub fn objects(&self) -> String {
        format!("{}/{}/", self.prefix, self.table)
    }

    /// The name of one record's object.
    pub fn object(&self, hash: &str) -> String {
        format!("{}{hash}", self.objects())
    }

    /// What stands before everything that is ours alone.
    pub fn own(&self) -> String {
        if self.prefix.is_empty() {
            format!("_tidemark/{}/", self.table)
        } else {
            format!("{}/_tidemark/{}/", self.prefix, self.table)
        }
    }

    /// The index.
    pub fn index(&self) -> String {
        format!("{}index.json", self.own())
    }

    /// A segment, by the day of its oldest change and the SHA-256 of its bytes.
    pub fn segment(&self, day: &str, sha256: &str) -> String {
        format!("{}segments/{day}/{sha256}.jsonl.zst", self.own())
    }

    /// Where the leases of a capture's shards lie, when no database keeps them.
    pub fn leases(&self, capture: &str) -> String {
        format!("{}leases/{capture}/", self.own())
    }

    /// The list of a run's pieces.
    pub fn run(&self, sha256: &str) -> String {
        format!("{}runs/{sha256}.json", self.own())
    }

    /// The record of a change that could not be understood.
    pub fn quarantine(&self, sequence: &str) -> String {
        format!("{}quarantine/{sequence}.json", self.own())
    }

    /// A stored proof.
    pub fn proof(&self, at: &str) -> String {
        format!("{}proofs/{at}.json", self.own())
    }

    /// The folder of a planned restore.
    pub fn restore(&self, id: &str) -> String {
        format!("{}restores/{id}/", self.own())
    }

    /// A snapshot's folder, in the form in which DynamoDB exports: ends in `AWSDynamoDB/<id>/`.
    pub fn snapshot(&self, id: &str) -> String {
        format!("{}AWSDynamoDB/{id}/", self.own())
    }
}
