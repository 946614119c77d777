use serde_json::Value;

use super::{
    evaluate::{Evaluator, Truth},
    functions::wrong,
};
use crate::{
    Invalid,
    exchange::{
        node::{Node, Why},
        schema::like,
    },
};

impl Evaluator<'_> {
    /// Whether a condition of the template holds.
    pub(super) fn condition(&self, name: &str, path: &str) -> Result<Truth, Invalid> {
        if let Some(truth) = self.truths.borrow().get(name) {
            return Ok(truth.clone());
        }
        let declared = self.conditions.and_then(|conditions| conditions.get(name));
        let Some(declared) = declared else {
            let known = self.conditions.into_iter().flatten();
            let hint = like(name, known.map(|(name, _)| name.as_str()))
                .map_or(String::new(), |right| format!(" Did you mean {right}?"));
            return Err(wrong(
                path,
                &format!("names the condition {name}, which the template does not have.{hint}"),
            ));
        };
        let inside = format!("Conditions.{name}");
        let truth = self.once(&inside, path, || self.truth(declared, &inside))?;
        self.truths
            .borrow_mut()
            .insert(name.to_owned(), truth.clone());
        Ok(truth)
    }

    fn truth(&self, value: &Value, path: &str) -> Result<Truth, Invalid> {
        self.spend(1, path)?;
        let single = value.as_object().filter(|members| members.len() == 1);
        if let Some((function, argument)) = single.and_then(|members| members.iter().next()) {
            match function.as_str() {
                "Condition" => {
                    let name = argument
                        .as_str()
                        .ok_or_else(|| wrong(path, "Condition must name a condition"))?;
                    return self.condition(name, path);
                }
                "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                    return self.truth_of(function, argument, path);
                }
                _ => {}
            }
        }
        match self.value(value, path)? {
            Node::Unknown(why) => Ok(Truth::Open(why)),
            node => match node.text().as_deref() {
                Some("true") => Ok(Truth::Yes),
                Some("false") => Ok(Truth::No),
                _ => Err(wrong(path, "is no condition")),
            },
        }
    }

    /// `Fn::Equals`, `Fn::And`, `Fn::Or` and `Fn::Not`.
    pub(super) fn truth_of(
        &self,
        function: &str,
        argument: &Value,
        path: &str,
    ) -> Result<Truth, Invalid> {
        let list = argument
            .as_array()
            .map(Vec::as_slice)
            .ok_or_else(|| wrong(path, &format!("{function} takes a list")))?;
        match (function, list) {
            ("Fn::Equals", [one, other]) => {
                let (one, other) = (self.value(one, path)?, self.value(other, path)?);
                Ok(equal(&one, &other))
            }
            ("Fn::Not", [one]) => Ok(match self.truth(one, path)? {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                open @ Truth::Open(_) => open,
            }),
            ("Fn::And", _) => self.all(list, &Truth::No, Truth::Yes, path),
            ("Fn::Or", _) => self.all(list, &Truth::Yes, Truth::No, path),
            _ => Err(wrong(
                path,
                &format!("{function} has arguments that it does not take"),
            )),
        }
    }

    /// One that `decides` settles it, whatever is not known.
    fn all(
        &self,
        list: &[Value],
        decides: &Truth,
        otherwise: Truth,
        path: &str,
    ) -> Result<Truth, Invalid> {
        let mut open = None;
        for one in list {
            match self.truth(one, path)? {
                truth if truth == *decides => return Ok(truth),
                Truth::Open(why) => open = open.or(Some(why)),
                _ => {}
            }
        }
        Ok(open.map_or(otherwise, Truth::Open))
    }
}

/// Texts, numbers and flags are compared as text.
fn equal(one: &Node, other: &Node) -> Truth {
    if let Some(why) = one.why().or(other.why()) {
        return Truth::Open(Why::clone(why));
    }
    let same = match (one.text(), other.text()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    };
    if same { Truth::Yes } else { Truth::No }
}
