#include <stdlib.h>
#include <string.h>

#include "base/entity.h"

#define LATIN1_LONGEST 6 /* letters of the longest name: Ccedil */
#define NAME_LONGEST 10	 /* rightarrow */
#define LAST_CODE_POINT 0x10ffff

/* A name between & and ; and the character that it stands for. */
struct entity {
	char name[NAME_LONGEST + 1];
	uint16_t cp;
};

/* The five names of XML. */
static const struct entity xml_names[] = {
	{ "amp", '&' },
	{ "lt", '<' },
	{ "gt", '>' },
	{ "quot", '"' },
	{ "apos", '\'' },
};

/* The Latin-1 names of HTML 4, for U+00A0 to U+00FF in order. */
static const char latin1_names[][LATIN1_LONGEST + 1] = {
	"nbsp",
	"iexcl",
	"cent",
	"pound",
	"curren",
	"yen",
	"brvbar",
	"sect",
	"uml",
	"copy",
	"ordf",
	"laquo",
	"not",
	"shy",
	"reg",
	"macr",
	"deg",
	"plusmn",
	"sup2",
	"sup3",
	"acute",
	"micro",
	"para",
	"middot",
	"cedil",
	"sup1",
	"ordm",
	"raquo",
	"frac14",
	"frac12",
	"frac34",
	"iquest",
	"Agrave",
	"Aacute",
	"Acirc",
	"Atilde",
	"Auml",
	"Aring",
	"AElig",
	"Ccedil",
	"Egrave",
	"Eacute",
	"Ecirc",
	"Euml",
	"Igrave",
	"Iacute",
	"Icirc",
	"Iuml",
	"ETH",
	"Ntilde",
	"Ograve",
	"Oacute",
	"Ocirc",
	"Otilde",
	"Ouml",
	"times",
	"Oslash",
	"Ugrave",
	"Uacute",
	"Ucirc",
	"Uuml",
	"Yacute",
	"THORN",
	"szlig",
	"agrave",
	"aacute",
	"acirc",
	"atilde",
	"auml",
	"aring",
	"aelig",
	"ccedil",
	"egrave",
	"eacute",
	"ecirc",
	"euml",
	"igrave",
	"iacute",
	"icirc",
	"iuml",
	"eth",
	"ntilde",
	"ograve",
	"oacute",
	"ocirc",
	"otilde",
	"ouml",
	"divide",
	"oslash",
	"ugrave",
	"uacute",
	"ucirc",
	"uuml",
	"yacute",
	"thorn",
	"yuml",
};

_Static_assert(sizeof(latin1_names) / sizeof(latin1_names[0]) == 96,
    "one name for each character from U+00A0 to U+00FF");

/* The other names of HTML 4 and some of HTML 5, in the order of their bytes. */
static const struct entity other_names[] = {
	{ "Alpha", 0x391 },
	{ "Beta", 0x392 },
	{ "Chi", 0x3a7 },
	{ "Dagger", 0x2021 },
	{ "Delta", 0x394 },
	{ "Epsilon", 0x395 },
	{ "Eta", 0x397 },
	{ "Gamma", 0x393 },
	{ "Iota", 0x399 },
	{ "Kappa", 0x39a },
	{ "Lambda", 0x39b },
	{ "Mu", 0x39c },
	{ "NewLine", 0xa },
	{ "Nu", 0x39d },
	{ "OElig", 0x152 },
	{ "Omega", 0x3a9 },
	{ "Omicron", 0x39f },
	{ "Phi", 0x3a6 },
	{ "Pi", 0x3a0 },
	{ "Prime", 0x2033 },
	{ "Psi", 0x3a8 },
	{ "Rho", 0x3a1 },
	{ "Scaron", 0x160 },
	{ "Sigma", 0x3a3 },
	{ "Tab", 0x9 },
	{ "Tau", 0x3a4 },
	{ "Theta", 0x398 },
	{ "Upsilon", 0x3a5 },
	{ "Xi", 0x39e },
	{ "Yuml", 0x178 },
	{ "Zeta", 0x396 },
	{ "alefsym", 0x2135 },
	{ "alpha", 0x3b1 },
	{ "and", 0x2227 },
	{ "ang", 0x2220 },
	{ "ast", 0x2a },
	{ "asymp", 0x2248 },
	{ "bdquo", 0x201e },
	{ "beta", 0x3b2 },
	{ "bsol", 0x5c },
	{ "bull", 0x2022 },
	{ "cap", 0x2229 },
	{ "check", 0x2713 },
	{ "chi", 0x3c7 },
	{ "circ", 0x2c6 },
	{ "clubs", 0x2663 },
	{ "colon", 0x3a },
	{ "comma", 0x2c },
	{ "commat", 0x40 },
	{ "cong", 0x2245 },
	{ "crarr", 0x21b5 },
	{ "cup", 0x222a },
	{ "dArr", 0x21d3 },
	{ "dagger", 0x2020 },
	{ "darr", 0x2193 },
	{ "delta", 0x3b4 },
	{ "diams", 0x2666 },
	{ "dollar", 0x24 },
	{ "empty", 0x2205 },
	{ "emsp", 0x2003 },
	{ "ensp", 0x2002 },
	{ "epsilon", 0x3b5 },
	{ "equals", 0x3d },
	{ "equiv", 0x2261 },
	{ "eta", 0x3b7 },
	{ "euro", 0x20ac },
	{ "excl", 0x21 },
	{ "exist", 0x2203 },
	{ "fnof", 0x192 },
	{ "forall", 0x2200 },
	{ "frasl", 0x2044 },
	{ "gamma", 0x3b3 },
	{ "ge", 0x2265 },
	{ "grave", 0x60 },
	{ "hArr", 0x21d4 },
	{ "harr", 0x2194 },
	{ "hearts", 0x2665 },
	{ "hellip", 0x2026 },
	{ "hyphen", 0x2010 },
	{ "image", 0x2111 },
	{ "infin", 0x221e },
	{ "int", 0x222b },
	{ "iota", 0x3b9 },
	{ "isin", 0x2208 },
	{ "kappa", 0x3ba },
	{ "lArr", 0x21d0 },
	{ "lambda", 0x3bb },
	{ "lang", 0x2329 },
	{ "larr", 0x2190 },
	{ "lceil", 0x2308 },
	{ "lcub", 0x7b },
	{ "ldquo", 0x201c },
	{ "le", 0x2264 },
	{ "leftarrow", 0x2190 },
	{ "lfloor", 0x230a },
	{ "lowast", 0x2217 },
	{ "lowbar", 0x5f },
	{ "loz", 0x25ca },
	{ "lpar", 0x28 },
	{ "lrm", 0x200e },
	{ "lsaquo", 0x2039 },
	{ "lsqb", 0x5b },
	{ "lsquo", 0x2018 },
	{ "mdash", 0x2014 },
	{ "minus", 0x2212 },
	{ "mu", 0x3bc },
	{ "nabla", 0x2207 },
	{ "ndash", 0x2013 },
	{ "ne", 0x2260 },
	{ "ni", 0x220b },
	{ "notin", 0x2209 },
	{ "nsub", 0x2284 },
	{ "nu", 0x3bd },
	{ "num", 0x23 },
	{ "oelig", 0x153 },
	{ "oline", 0x203e },
	{ "omega", 0x3c9 },
	{ "omicron", 0x3bf },
	{ "oplus", 0x2295 },
	{ "or", 0x2228 },
	{ "otimes", 0x2297 },
	{ "part", 0x2202 },
	{ "percnt", 0x25 },
	{ "period", 0x2e },
	{ "permil", 0x2030 },
	{ "perp", 0x22a5 },
	{ "phi", 0x3c6 },
	{ "pi", 0x3c0 },
	{ "piv", 0x3d6 },
	{ "plus", 0x2b },
	{ "prime", 0x2032 },
	{ "prod", 0x220f },
	{ "prop", 0x221d },
	{ "psi", 0x3c8 },
	{ "quest", 0x3f },
	{ "rArr", 0x21d2 },
	{ "radic", 0x221a },
	{ "rang", 0x232a },
	{ "rarr", 0x2192 },
	{ "rceil", 0x2309 },
	{ "rcub", 0x7d },
	{ "rdquo", 0x201d },
	{ "real", 0x211c },
	{ "rfloor", 0x230b },
	{ "rho", 0x3c1 },
	{ "rightarrow", 0x2192 },
	{ "rlm", 0x200f },
	{ "rpar", 0x29 },
	{ "rsaquo", 0x203a },
	{ "rsqb", 0x5d },
	{ "rsquo", 0x2019 },
	{ "sbquo", 0x201a },
	{ "scaron", 0x161 },
	{ "sdot", 0x22c5 },
	{ "semi", 0x3b },
	{ "sigma", 0x3c3 },
	{ "sigmaf", 0x3c2 },
	{ "sim", 0x223c },
	{ "sol", 0x2f },
	{ "spades", 0x2660 },
	{ "star", 0x2606 },
	{ "sub", 0x2282 },
	{ "sube", 0x2286 },
	{ "sum", 0x2211 },
	{ "sup", 0x2283 },
	{ "supe", 0x2287 },
	{ "tau", 0x3c4 },
	{ "there4", 0x2234 },
	{ "theta", 0x3b8 },
	{ "thetasym", 0x3d1 },
	{ "thinsp", 0x2009 },
	{ "tilde", 0x2dc },
	{ "trade", 0x2122 },
	{ "uArr", 0x21d1 },
	{ "uarr", 0x2191 },
	{ "upsih", 0x3d2 },
	{ "upsilon", 0x3c5 },
	{ "verbar", 0x7c },
	{ "weierp", 0x2118 },
	{ "xi", 0x3be },
	{ "zeta", 0x3b6 },
	{ "zwj", 0x200d },
	{ "zwnj", 0x200c },
};

uint32_t
entity_named_latin1(const char *name, size_t len)
{
	size_t i;

	if (len > LATIN1_LONGEST)
		return 0;
	for (i = 0; i < sizeof(xml_names) / sizeof(xml_names[0]); i++) {
		if (strlen(xml_names[i].name) == len &&
		    memcmp(xml_names[i].name, name, len) == 0)
			return xml_names[i].cp;
	}
	for (i = 0; i < 96; i++) {
		if (strlen(latin1_names[i]) == len &&
		    memcmp(latin1_names[i], name, len) == 0)
			return 0xa0 + (uint32_t)i;
	}
	return 0;
}

/* A name that is looked for, which no NUL ends. */
struct wanted {
	const char *name;
	size_t len;
};

static int
name_order(const void *key, const void *element)
{
	const struct wanted *wanted;
	const struct entity *entity;
	int order;

	wanted = key;
	entity = element;
	order = strncmp(wanted->name, entity->name, wanted->len);
	return order != 0 ? order : -(entity->name[wanted->len] != '\0');
}

uint32_t
entity_named(const char *name, size_t len)
{
	const struct wanted wanted = { name, len };
	const struct entity *found;
	uint32_t cp;

	cp = entity_named_latin1(name, len);
	if (cp != 0 || len > NAME_LONGEST)
		return cp;
	found = bsearch(&wanted, other_names,
	    sizeof(other_names) / sizeof(other_names[0]),
	    sizeof(other_names[0]), name_order);
	return found == NULL ? 0 : found->cp;
}

static int
digit_value(char c, uint32_t base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

uint32_t
entity_numbered(const char *text, size_t len)
{
	uint32_t base, cp;
	size_t i;
	int digit;

	base = len > 0 && (text[0] | 0x20) == 'x' ? 16 : 10;
	i = base == 16 ? 1 : 0;
	if (i == len)
		return 0;
	for (cp = 0; i < len; i++) {
		digit = digit_value(text[i], base);
		if (digit < 0)
			return 0;
		if (cp <= LAST_CODE_POINT)
			cp = cp * base + (uint32_t)digit;
	}
	return cp > LAST_CODE_POINT || (cp >= 0xd800 && cp <= 0xdfff) ? 0 : cp;
}
