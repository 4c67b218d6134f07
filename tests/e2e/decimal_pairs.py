"""Compares test_decimal --answer with python's decimal on random numbers."""
import decimal
import random
import subprocess
import sys

decimal.getcontext().prec = 400
DIGITS = 64


def number(rng):
    text = str(rng.choice([rng.randint(0, 9), rng.randint(0, 10**4),
                           rng.randint(0, 10**rng.randint(1, 40))]))
    if rng.random() < .6:
        text += '.' + ''.join(rng.choice('0123456789059')
                              for _ in range(rng.randint(1, 17)))
    if rng.random() < .1:
        text += 'e%d' % rng.randint(-20, 20)
    return ('-' if rng.random() < .3 else '') + text


def shown(value):
    if value is None:
        return '?'
    text = format(value, 'f')
    if '.' in text:
        text = text.rstrip('0').rstrip('.')
    if text in ('-0', ''):
        text = '0'
    whole, _, rest = text.lstrip('-').partition('.')
    count = len((whole + rest).lstrip('0'))
    return '?' if count > DIGITS or len(rest) > DIGITS else text


def rounded(value, places):
    return value.quantize(decimal.Decimal(1).scaleb(-places),
                          decimal.ROUND_HALF_UP)


def want(left, op, right, places):
    a, b = decimal.Decimal(left), decimal.Decimal(right)
    if op == 'c':
        return str((a > b) - (a < b))
    if op == 'r':
        return shown(rounded(a, places))
    if op in '/%' and b == 0:
        return '?'
    return shown({'+': lambda: a + b, '-': lambda: a - b, '*': lambda: a * b,
                  '/': lambda: rounded(a / b, places),
                  '%': lambda: rounded(a * 100 / b, places)}[op]())


def main(program):
    rng = random.Random(20261124)
    cases = [(number(rng), rng.choice('+-*/%rc'), number(rng),
              rng.randint(0, 6)) for _ in range(20000)]
    got = subprocess.run([program, '--answer'], text=True, check=True,
                         input=''.join('%s %s %s %d\n' % case
                                       for case in cases),
                         stdout=subprocess.PIPE).stdout.split('\n')[:-1]
    if len(got) != len(cases):
        sys.exit('%d answers to %d questions' % (len(got), len(cases)))
    bad = ['%s %s %s to %d: %s, not %s' % (*case, answer, want(*case))
           for case, answer in zip(cases, got) if answer != want(*case)]
    if bad:
        sys.exit('%d wrong\n%s' % (len(bad), '\n'.join(bad[:10])))


main(sys.argv[1])
