use serde_json::Value;

use super::{
    evaluate::{Answer, Evaluator},
    functions::wrong,
    resources::{Own, own_of},
};
use crate::{
    Invalid, Partition,
    exchange::{
        node::{Node, Why},
        schema::like,
    },
};

impl Evaluator<'_> {
    /// What `Ref` answers for a name.
    pub(super) fn named(&self, name: &str, path: &str) -> Answer {
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        if let Some(value) = self.given(name) {
            return Ok(value);
        }
        if name.starts_with("AWS::") {
            return self.pseudo(name, path);
        }
        let resource = self.resource(name, path)?;
        match own_of(resource) {
            Some(own) => self.name_of_own(name, resource, own, path),
            None => Ok(Node::Unknown(given_by_aws(name, name, resource))),
        }
    }

    fn pseudo(&self, name: &str, path: &str) -> Answer {
        let partition = self.context.region.as_ref().map(Partition::of);
        let known = match name {
            "AWS::NoValue" => return Ok(Node::Nothing),
            "AWS::AccountId" => self.context.account.as_ref().map(ToString::to_string),
            "AWS::Region" => self.context.region.as_ref().map(ToString::to_string),
            "AWS::Partition" => partition.map(|partition| partition.id().to_owned()),
            "AWS::URLSuffix" => partition.map(|partition| partition.dns_suffix().to_owned()),
            _ => None,
        };
        if let Some(value) = known {
            return Ok(Node::Text(value));
        }
        let because = match name {
            "AWS::AccountId" => "is the account of the stack, which --account names",
            "AWS::Region" => "is the Region of the stack, which --region names",
            "AWS::Partition" | "AWS::URLSuffix" => {
                "depends on the Region of the stack, which --region names"
            }
            "AWS::StackName" => "is the name of the stack",
            "AWS::StackId" => "is the id of the stack",
            "AWS::NotificationARNs" => "is the list of topics that the stack tells",
            _ => {
                return Err(wrong(
                    path,
                    &format!("refers to {name}, which CloudFormation does not have"),
                ));
            }
        };
        Ok(Node::Unknown(Why::new(name, because)))
    }

    fn resource(&self, id: &str, path: &str) -> Result<&Value, Invalid> {
        self.resources.get(id).ok_or_else(|| {
            let known = self
                .parameters
                .keys()
                .chain(self.resources.keys())
                .map(String::as_str);
            let hint =
                like(id, known).map_or(String::new(), |right| format!(" Did you mean {right}?"));
            wrong(
                path,
                &format!("refers to {id}, which the template does not have.{hint}"),
            )
        })
    }

    /// The name of a resource, as far as the template says it.
    fn name_of_own(&self, id: &str, resource: &Value, own: &Own, path: &str) -> Answer {
        if let Some(name) = self.names.borrow().get(id) {
            return Ok(name.clone());
        }
        let property = resource.pointer(&format!("/Properties/{}", own.name));
        let name = match property {
            None => Node::Nothing,
            Some(property) => {
                let inside = format!("{id}.{}", own.name);
                self.once(&inside, path, || self.value(property, path))?
            }
        };
        let name = match name {
            Node::Nothing => Node::Unknown(given_by_aws(id, id, resource)),
            Node::Text(text) if own.small => Node::Text(text.to_ascii_lowercase()),
            other => other,
        };
        self.names.borrow_mut().insert(id.to_owned(), name.clone());
        Ok(name)
    }

    /// `Fn::GetAtt`: a name or an ARN where they follow from the template.
    pub(super) fn get_att(&self, argument: &Value, path: &str) -> Answer {
        let (id, attribute) = match argument {
            Value::String(text) => text
                .split_once('.')
                .map(|(id, attribute)| (id.to_owned(), attribute.to_owned()))
                .ok_or_else(|| wrong(path, "Fn::GetAtt must name a resource and an attribute"))?,
            Value::Array(parts) => {
                let mut texts = Vec::new();
                for part in parts {
                    match self.value(part, path)? {
                        Node::Unknown(why) => return Ok(Node::Unknown(why)),
                        node => texts.extend(node.text()),
                    }
                }
                match texts.split_first() {
                    Some((id, rest)) if !rest.is_empty() => (id.clone(), rest.join(".")),
                    _ => {
                        return Err(wrong(
                            path,
                            "Fn::GetAtt must name a resource and an attribute",
                        ));
                    }
                }
            }
            _ => {
                return Err(wrong(
                    path,
                    "Fn::GetAtt must name a resource and an attribute",
                ));
            }
        };
        let full = format!("{id}.{attribute}");
        if let Some(value) = self.given(&full) {
            return Ok(value);
        }
        let resource = self.resource(&id, path)?;
        let Some(own) = own_of(resource).filter(|own| {
            attribute == own.arn || (attribute == own.name && own.name == "BackupVaultName")
        }) else {
            return Ok(Node::Unknown(given_by_aws(&full, &id, resource)));
        };
        let name = self.name_of_own(&id, resource, own, path)?;
        if attribute == own.name {
            return Ok(name);
        }
        match name {
            // It is the ARN that is missing, not the name alone.
            Node::Unknown(why) if why.parameter.as_deref() == Some(id.as_str()) => {
                Ok(Node::Unknown(given_by_aws(&full, &id, resource)))
            }
            Node::Unknown(why) => Ok(Node::Unknown(why)),
            name => self.arn(own, resource, &name.text().unwrap_or_default(), path),
        }
    }

    fn arn(&self, own: &Own, resource: &Value, name: &str, path: &str) -> Answer {
        let mut arn = own.form.to_owned();
        let places = [
            ("{p}", "AWS::Partition"),
            ("{r}", "AWS::Region"),
            ("{a}", "AWS::AccountId"),
        ];
        for (place, pseudo) in places {
            if !arn.contains(place) {
                continue;
            }
            match self.named(pseudo, path)? {
                Node::Unknown(why) => return Ok(Node::Unknown(why)),
                node => arn = arn.replace(place, &node.text().unwrap_or_default()),
            }
        }
        if arn.contains("{path}") {
            let of_role = match resource.pointer("/Properties/Path") {
                None => Node::Text("/".to_owned()),
                Some(value) => self.value(value, path)?,
            };
            match of_role {
                Node::Unknown(why) => return Ok(Node::Unknown(why)),
                Node::Nothing => arn = arn.replace("{path}", "/"),
                node => arn = arn.replace("{path}", &node.text().unwrap_or_default()),
            }
        }
        Ok(Node::Text(arn.replace("{n}", name)))
    }
}

fn given_by_aws(parameter: &str, id: &str, resource: &Value) -> Why {
    let kind = resource
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or("a resource");
    Why::new(
        parameter,
        format!("is given by AWS when {id} ({kind}) is made"),
    )
}
