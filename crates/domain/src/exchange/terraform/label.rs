use std::collections::BTreeSet;

/// Names of resources of one type, each given once.
#[derive(Default)]
pub(super) struct Labels(BTreeSet<String>);

impl Labels {
    /// A name that Terraform takes as a label and that no other resource of the type has. Names that differ
    /// in case or punctuation only are numbered.
    pub(super) fn give(&mut self, name: &str) -> String {
        let base = label(name);
        let mut own = base.clone();
        let mut number = 2;
        while !self.0.insert(own.clone()) {
            own = format!("{base}_{number}");
            number += 1;
        }
        own
    }
}

fn label(name: &str) -> String {
    let mut label: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    if !label.starts_with(|c: char| c.is_ascii_alphabetic()) {
        label.insert_str(0, "plan_");
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_become_alike_are_numbered() {
        let mut labels = Labels::default();
        let given = ["a.b", "a-b", "1plan", "A.B", "a_b_2"].map(|name| labels.give(name));
        assert_eq!(given, ["a_b", "a_b_2", "plan_1plan", "a_b_3", "a_b_2_2"]);
    }
}
