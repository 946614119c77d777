use tidemark_records::index::BackupPaths;

/// Where the function stores, as the environment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `TIDEMARK_BUCKET`: the bucket of the backup.
    pub bucket: String,
    /// `TIDEMARK_PREFIX`: what stands before the table's name in the bucket; may be empty.
    pub prefix: String,
    /// `TIDEMARK_TABLE`: the table whose stream is stored.
    pub table: String,
}

/// A variable that must say something says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {0} is not set")]
pub struct SettingsError(pub &'static str);

impl Settings {
    /// Reads the settings by the names of their variables.
    ///
    /// # Errors
    /// Bucket or table are missing.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let needed = |name: &'static str| {
            variable(name)
                .filter(|value| !value.is_empty())
                .ok_or(SettingsError(name))
        };
        Ok(Self {
            bucket: needed("TIDEMARK_BUCKET")?,
            prefix: variable("TIDEMARK_PREFIX").unwrap_or_default(),
            table: needed("TIDEMARK_TABLE")?,
        })
    }

    /// Where the table's backup lies in the bucket.
    pub fn paths(&self) -> BackupPaths {
        BackupPaths::new(&self.prefix, &self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_and_the_prefix_may_be() {
        let only = |set: &'static [(&str, &str)]| {
            Settings::read(move |name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(
            only(&[("TIDEMARK_BUCKET", "b"), ("TIDEMARK_TABLE", "")]),
            Err(SettingsError("TIDEMARK_TABLE"))
        );
        assert_eq!(
            only(&[("TIDEMARK_TABLE", "t")]).map_err(|error| error.to_string()),
            Err("the environment variable TIDEMARK_BUCKET is not set".to_owned())
        );
        let settings = only(&[("TIDEMARK_BUCKET", "b"), ("TIDEMARK_TABLE", "t")]);
        assert_eq!(
            settings.map(|settings| settings.paths().index()),
            Ok("_tidemark/t/index.json".to_owned())
        );
    }
}
