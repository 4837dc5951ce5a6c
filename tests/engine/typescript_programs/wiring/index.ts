// One trail a case, with the name of its case. All are in one stack, where every log group is that of some trail: a
// trail without one is told about unused log groups. test_typescript_programs.py has what the pack says about each.

import "./transforms";
import "./values";
import "./documents";
import "./nothing";
import "./components";
import "./elsewhere";
