"""What the policies know: rules on plain values, and the view that makes those values from Pulumi's."""
