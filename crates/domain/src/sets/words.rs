use super::{ResumeWhen, SetManifest};

impl SetManifest {
    /// How writes are paused for a backup, in a sentence.
    pub fn pause_in_words(&self) -> String {
        let Some(pause) = &self.pause else {
            return "Writes are not paused.".to_owned();
        };
        let until = match pause.resume_when {
            ResumeWhen::Started => "until each backup has begun",
            ResumeWhen::Completed => "until each backup is complete",
        };
        format!(
            "Writes are paused {until}, for at most {} minutes, and resumed whatever happens.",
            pause.at_most_minutes
        )
    }

    /// The rules for a recovery, a sentence each.
    pub fn rules_in_words(&self) -> Vec<String> {
        let rule = |rule: &super::OrderRule| match &rule.member {
            Some(member) => format!(
                "{member} comes back to a moment no later than {}, and as close to it as can be.",
                one_of("the oldest of", &rule.no_later_than)
            ),
            None => format!(
                "{} come back to one and the same second.",
                listed(&rule.same_second)
            ),
        };
        let mut rules: Vec<String> = self.order.iter().map(rule).collect();
        if let Some(exclude) = &self.exclude {
            let names = exclude.names.iter().chain(&exclude.directories);
            let names: Vec<String> = names.cloned().collect();
            if !names.is_empty() {
                rules.push(format!(
                    "Temporary files do not belong to it: {}. A backup holds them all the same; leave them out when you restore.",
                    names.join(", ")
                ));
            }
        }
        rules
    }
}

fn one_of(many: &str, names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        names => format!("{many} {}", listed(names)),
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
