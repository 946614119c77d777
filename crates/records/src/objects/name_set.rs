/// The names present below a prefix, eight bytes each: enough to know whether a record's other
/// names are worth a look. A name that is not there is taken for present once in 2⁶⁴/n times,
/// which costs one request and nothing else.
#[derive(Debug, Default)]
pub(super) struct NameSet {
    names: Vec<u64>,
    sealed: bool,
}

impl NameSet {
    pub(super) fn add(&mut self, hash: &str) {
        if let Some(short) = short(hash)
            && self.names.last() != Some(&short)
        {
            self.names.push(short);
        }
    }

    pub(super) fn seal(&mut self) {
        self.names.sort_unstable();
        self.names.dedup();
        self.sealed = true;
    }

    /// Whether the name may be present; always, before the set is sealed.
    pub(super) fn may_have(&self, hash: &str) -> bool {
        !self.sealed || short(hash).is_some_and(|short| self.names.binary_search(&short).is_ok())
    }
}

fn short(hash: &str) -> Option<u64> {
    u64::from_str_radix(hash.get(..16)?, 16).ok()
}

/// Whether the last part of an object's name is a hash: 32 or 64 lowercase hexadecimal digits.
pub(super) fn is_hash(name: &str) -> bool {
    matches!(name.len(), 32 | 64)
        && name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
