package refdata

// The authority may number rows otherwise than the product does, call them
// otherwise, or have several of one name at different places. What speaks of
// rows by the product's names or numbers, such as rules and their examples,
// finds them here.

// ServiceContentsNamed finds the service contents that a Chinese name stands
// for: those so called, else the one that has the bit which the product's own
// row of that name has.
func (t *Tables) ServiceContentsNamed(name string) []ServiceContent {
	return named(t.now().contents, Builtin().now().contents, name, func(c ServiceContent) int64 { return c.Ysid })
}

// PreApprovalsNamed is ServiceContentsNamed for contents that need an approval.
func (t *Tables) PreApprovalsNamed(name string) []PreApproval {
	return named(t.now().preApprovals, Builtin().now().preApprovals, name, func(a PreApproval) int64 { return a.Ysid })
}

// ServiceContentID gives the id of the service content that has the number id
// in the product's own table; id itself where there is none such.
func (t *Tables) ServiceContentID(id int) int {
	return idOf(t.now().contents, Builtin().now().contents, id, func(c ServiceContent) int64 { return c.Ysid })
}

// PreApprovalID is ServiceContentID for contents that need an approval.
func (t *Tables) PreApprovalID(id int) int {
	return idOf(t.now().preApprovals, Builtin().now().preApprovals, id, func(a PreApproval) int64 { return a.Ysid })
}

func named[R interface{ coded() Coded }](t, own codeTable[R], name string, ysid func(R) int64) []R {
	var out []R
	for _, r := range t.rows {
		if r.coded().ZH == name {
			out = append(out, r)
		}
	}
	if out != nil {
		return out
	}
	for _, o := range own.rows {
		if o.coded().ZH != name || ysid(o) == 0 {
			continue
		}
		for _, r := range t.rows {
			if ysid(r) == ysid(o) {
				return []R{r}
			}
		}
	}
	return nil
}

func idOf[R interface{ coded() Coded }](t, own codeTable[R], id int, ysid func(R) int64) int {
	o, ok := own.find(id)
	if !ok {
		return id
	}
	if r, ok := t.find(id); ok && r.coded().ZH == o.coded().ZH {
		return id
	}
	if found := named(t, own, o.coded().ZH, ysid); len(found) > 0 {
		return found[0].coded().ID
	}
	return id
}
